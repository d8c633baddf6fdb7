#include "ops/metrics.hpp"

#include <gtest/gtest.h>

namespace jobrun::ops {
namespace {

// Goal: a metric is there, at zero, before anything happened; otherwise its first increase is invisible.
TEST(Metrics, StandAtZeroFromTheStart) {
  const std::string text = Metrics().exposition();
  for (const char* line :
       {"voice_customer_intake_total 0", "voice_invariant_violation_onboarding_number_total 0",
        "voice_system_failsafe_intake_total{call_status=\"canceled\",is_known=\"false\"} 0",
        "voice_status_error_operational_no_client_total 0",
        "webhooks_total{path=\"/twilio/status\",status=\"200\"} 0",
        "webhooks_total{path=\"/twilio/voice\",status=\"503\"} 0", "texts_looked_for_total{look=\"told\"} 0",
        "message_statuses_total{account=\"second\",message_status=\"undelivered\"} 0",
        "alert_attempts_total{answer=\"unknown\",channel=\"email\"} 0",
        "webhook_refusals_total{cause=\"wrong_signature\"} 0", "events_ignored_total 0", "incidents_open 0"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
  }
}

// Goal: what is counted is shown under its labels, and nothing else moves.
TEST(Metrics, ShowWhatWasCounted) {
  Metrics metrics;
  metrics.count(Metric::voice_system_failsafe_intake, "false", "canceled", 1);
  metrics.count(Metric::voice_customer_intake, {}, {}, 2);
  const std::string text = metrics.exposition();
  EXPECT_NE(text.find("voice_system_failsafe_intake_total{call_status=\"canceled\",is_known=\"false\"} 1"),
            std::string::npos);
  EXPECT_NE(text.find("voice_system_failsafe_intake_total{call_status=\"busy\",is_known=\"false\"} 0"),
            std::string::npos);
  EXPECT_NE(text.find("voice_customer_intake_total 2"), std::string::npos);
}

// Goal: the list of metrics is in the order of its enumeration, so that a metric finds its own spec.
TEST(Metrics, EverySpecStandsAtItsPlace) {
  for (std::size_t i = 0; i < metric_specs.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(metric_specs[i].metric), i) << metric_specs[i].name;
  }
}

}  // namespace
}  // namespace jobrun::ops
