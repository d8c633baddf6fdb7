#include "ops/metrics.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <regex>
#include <set>
#include <string>

#include "ops/process_meter.hpp"

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

std::set<std::string> shown_values(const std::string& exposition, const std::string& label) {
  std::set<std::string> values;
  const std::regex pattern("[{,]" + label + "=\"([^\"]*)\"");
  for (std::sregex_iterator each(exposition.begin(), exposition.end(), pattern), end; each != end; ++each) {
    values.insert((*each)[1]);
  }
  return values;
}

// Goal: the values of each label are a list, and a customer's number is on none: nor can anybody put one there.
// Method: every label of every metric; each metric is counted and set with numbers and with any bytes. What is
// shown then is on the lists.
TEST(Metrics, NoLabelShowsWhatIsNotOnItsList) {
  EXPECT_TRUE(rc::check([](const std::string& any) {
    Metrics metrics;
    for (const MetricSpec& spec : metric_specs) {
      for (const std::string& value : {any, std::string("+14155550123"), std::string("14155550123")}) {
        metrics.count(spec.metric, value, value, 1);
        metrics.set(spec.metric, 1, value);
      }
    }
    const std::string text = metrics.exposition();
    RC_ASSERT(text.find("4155550123") == std::string::npos);
    for (const MetricSpec& spec : metric_specs) {
      for (const std::string_view label : spec.labels) {
        if (label.empty()) continue;
        const std::vector<std::string_view> listed = label_values(label);
        RC_ASSERT(!listed.empty());
        for (const std::string& value : shown_values(text, std::string(label))) {
          RC_ASSERT(value == unlisted_label_value || std::ranges::find(listed, value) != listed.end());
        }
      }
    }
  }));
}

// Goal: no value on a list is, or holds, what a phone number could be; the codes of the carriers have five digits.
TEST(Metrics, NoLabelsListHoldsANumber) {
  for (const MetricSpec& spec : metric_specs) {
    for (const std::string_view label : spec.labels) {
      if (label.empty()) continue;
      for (const std::string_view value : label_values(label)) {
        EXPECT_FALSE(std::regex_search(std::string(value), std::regex("[0-9]{6}"))) << label << " " << value;
      }
    }
  }
}

// Goal: a gauge with a label has a value for each, from the start.
TEST(Metrics, GaugesStandForEachValueOfTheirLabel) {
  Metrics metrics;
  EXPECT_NE(metrics.exposition().find("outbox_texts{state=\"started\"} 0"), std::string::npos);
  metrics.set(Metric::onboarding_owners, 3, "test_call");
  metrics.set(Metric::build_info, 1, label_values("version").front());
  const std::string text = metrics.exposition();
  EXPECT_NE(text.find("onboarding_owners{step=\"test_call\"} 3"), std::string::npos);
  EXPECT_NE(text.find("onboarding_owners{step=\"live\"} 0"), std::string::npos);
  EXPECT_TRUE(std::regex_search(text, std::regex("build_info\\{version=\"[0-9]+\\.[0-9]+\\.[0-9]+\"\\} 1")))
      << text;
}

// Goal: a code of the carrier's is shown once it has come, and what it means stands at zero from the start.
TEST(Metrics, ShowTheCarriersCodesThatHaveCome) {
  Metrics metrics;
  EXPECT_NE(metrics.exposition().find("carrier_answers_total{class=\"recipient\",code=\"none\"} 0"),
            std::string::npos);
  EXPECT_EQ(metrics.exposition().find("21610"), std::string::npos);
  metrics.count(Metric::carrier_answers, "recipient", "21610", 1);
  metrics.count(Metric::carrier_answers, "other", "99999", 1);
  const std::string text = metrics.exposition();
  EXPECT_NE(text.find("carrier_answers_total{class=\"recipient\",code=\"21610\"} 1"), std::string::npos);
  EXPECT_NE(text.find("carrier_answers_total{class=\"other\",code=\"other\"} 1"), std::string::npos);
}

// Goal: what the process uses is shown, and its processor time only grows.
TEST(ProcessMetrics, AreThoseOfThisProcess) {
  Metrics metrics;
  ProcessMeter process(metrics);
  const auto shown = [&](const std::string& name) {
    process.refresh();
    const std::string text = metrics.exposition();
    return std::stod(text.substr(text.find("\n" + name + " ") + name.size() + 2));
  };
  EXPECT_GT(shown("process_resident_memory_bytes"), 1e6);
  EXPECT_GE(shown("process_open_fds"), 3);
  const double before = shown("process_cpu_seconds_total");
  double sum = 0;
  for (int i = 0; i < 30'000'000; ++i) sum += 1.0 / (i + 1);
  EXPECT_GT(sum, 1);
  EXPECT_GT(shown("process_cpu_seconds_total"), before);
}

// Goal: the list of metrics is in the order of its enumeration, so that a metric finds its own spec.
TEST(Metrics, EverySpecStandsAtItsPlace) {
  for (std::size_t i = 0; i < metric_specs.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(metric_specs[i].metric), i) << metric_specs[i].name;
  }
}

}  // namespace
}  // namespace jobrun::ops
