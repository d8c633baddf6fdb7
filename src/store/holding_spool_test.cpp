#include "store/holding_spool.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "store_test_support.hpp"

namespace jobrun::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A spool in memory, whose disk can fail.
struct FakeSpool final : Spool {
  Result<void> append(std::span<const SpoolRecord> records) override {
    if (is_broken) return failure(ErrorKind::unavailable, "the disk fails");
    kept.insert(kept.end(), records.begin(), records.end());
    return {};
  }
  Result<std::vector<SpoolRecord>> oldest(std::size_t most) override {
    return std::vector(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(std::min(most, kept.size())));
  }
  void forget_oldest(std::size_t count) override {
    kept.erase(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(count));
  }
  Result<std::vector<SpoolRecord>> all() override { return kept; }
  Result<void> set_aside(const SpoolRecord&) override { return {}; }
  bool is_empty() const override { return kept.empty(); }
  std::int64_t damaged() const override { return 0; }

  std::vector<SpoolRecord> kept;
  bool is_broken = false;
};

TextId text_of(const std::string& call) {
  return {.cause = call, .purpose = Purpose::customer_intake};
}

SpoolRecord event_of(const std::string& call, bool promises) {
  SpooledEvent event = a_spooled_call(call);
  if (promises) {
    event.promised =
        PromisedText{.id = text_of(call), .pair = {business_number, business_number}, .ways = {}, .body = {}};
  }
  return event;
}

SpoolRecord step_of(const std::string& call) {
  return SpooledStep{.text = text_of(call), .attempt = 1, .at = {}, .step = TextAccepted{"SM1"}};
}

std::vector<std::string> calls_in(const Result<std::vector<SpoolRecord>>& records) {
  std::vector<std::string> calls;
  for (const SpoolRecord& record : *records) {
    const auto* event = std::get_if<SpooledEvent>(&record);
    calls.push_back(event != nullptr ? call_details(event->event).call_sid.text() : "step");
  }
  return calls;
}

class HoldingSpoolTest : public testing::Test {
 protected:
  bool hold(const SpoolRecord& record) { return spool_.hold({&record, 1}).has_value(); }
  bool append(const SpoolRecord& record) { return spool_.append({&record, 1}).has_value(); }

  FakeSpool disk_;
  HoldingSpool spool_{disk_};
};

// Goal: only what promises a text that leaves is held in memory, and what becomes of that text.
// Method: an event without a text, a step of a text that is not held, a step of no text; and those that may be.
TEST_F(HoldingSpoolTest, HoldsTextsThatLeaveFirstAndNothingElse) {
  EXPECT_FALSE(hold(event_of("CA1", false)));
  EXPECT_FALSE(hold(step_of("CA1")));
  EXPECT_FALSE(hold(SpooledStep{.text = {}, .at = {}, .step = AlertRequest{}}));
  EXPECT_FALSE(spool_.is_holding());
  EXPECT_TRUE(hold(event_of("CA1", true)));
  EXPECT_TRUE(hold(step_of("CA1")));
  EXPECT_FALSE(hold(step_of("CA2")));
  const std::vector<SpoolRecord> learned = {step_of("CA1"),
                                            SpooledStep{.text = {}, .at = {}, .step = AlertRequest{}}};
  EXPECT_TRUE(spool_.hold(learned)) << "learned by what became of the text";
  EXPECT_TRUE(spool_.is_holding());
  EXPECT_FALSE(spool_.is_empty());
  EXPECT_THAT(calls_in(spool_.all()), ElementsAre("CA1", "step", "step", "step"));
}

// Goal: what is held is durable before anything that came after it.
// Method: the disk fails again in between.
TEST_F(HoldingSpoolTest, WhatIsHeldGoesFirst) {
  EXPECT_TRUE(append(event_of("CA1", false)));
  disk_.is_broken = true;
  EXPECT_TRUE(hold(event_of("CA2", true)));
  EXPECT_FALSE(append(event_of("CA3", false)));
  EXPECT_TRUE(spool_.is_holding());
  disk_.is_broken = false;
  EXPECT_TRUE(append(event_of("CA4", false)));
  EXPECT_FALSE(spool_.is_holding());
  EXPECT_THAT(calls_in(disk_.kept), ElementsAre("CA1", "CA2", "CA4"));
  EXPECT_FALSE(hold(step_of("CA2"))) << "its promise is durable";
}

// Goal: the store takes what is durable first, after it what is held, and nothing twice.
TEST_F(HoldingSpoolTest, IsReadInItsOrder) {
  EXPECT_TRUE(append(event_of("CA1", false)));
  EXPECT_TRUE(hold(event_of("CA2", true)));
  EXPECT_TRUE(hold(event_of("CA3", true)));
  EXPECT_THAT(calls_in(spool_.oldest(10)), ElementsAre("CA1"));
  spool_.forget_oldest(1);
  EXPECT_THAT(calls_in(spool_.oldest(1)), ElementsAre("CA2"));
  spool_.forget_oldest(1);
  EXPECT_THAT(calls_in(spool_.oldest(10)), ElementsAre("CA3"));
  spool_.forget_oldest(1);
  EXPECT_TRUE(spool_.is_empty());
  EXPECT_THAT(calls_in(spool_.oldest(10)), IsEmpty());
}

// Goal: what becomes durable while the store takes it is not forgotten with it.
TEST_F(HoldingSpoolTest, ForgetsOnlyWhatItGave) {
  EXPECT_TRUE(hold(event_of("CA1", true)));
  EXPECT_THAT(calls_in(spool_.oldest(10)), ElementsAre("CA1"));
  EXPECT_TRUE(append(event_of("CA2", false)));
  EXPECT_TRUE(hold(event_of("CA3", true)));
  spool_.forget_oldest(1);
  EXPECT_THAT(calls_in(spool_.all()), ElementsAre("CA1", "CA2", "CA3"));
}

// Goal: memory is bounded.
TEST_F(HoldingSpoolTest, HoldsSoManyAndNoMore) {
  for (std::size_t n = 0; n < HoldingSpool::held_max; ++n) {
    ASSERT_TRUE(hold(event_of("CA" + std::to_string(n), true)));
  }
  EXPECT_FALSE(hold(event_of("CB1", true)));
}

}  // namespace
}  // namespace jobrun::store
