#include "base/call.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

namespace jobrun {
namespace {

// Goal: the carrier's five final words are final, also `canceled`, and no other is; every list of them agrees.
// Method: the words as the carrier writes them, looked up one by one; not our own list, from which a status
// could be missing in the code and in its tests at once.
TEST(CallStatus, TheCarriersFiveFinalWordsAreFinalAndNoOther) {
  const auto is_listed = [](CallStatus status) {
    return std::ranges::find(final_call_statuses, status) != final_call_statuses.end();
  };
  for (const std::string_view word : {"completed", "busy", "failed", "no-answer", "canceled"}) {
    const std::optional<CallStatus> status = parse_name<CallStatus>(word);
    ASSERT_TRUE(status.has_value()) << word;
    EXPECT_TRUE(is_final(*status)) << word;
    EXPECT_TRUE(is_listed(*status)) << word;
  }
  for (const std::string_view word : {"queued", "ringing", "in-progress", "unrecognised"}) {
    const std::optional<CallStatus> status = parse_name<CallStatus>(word);
    ASSERT_TRUE(status.has_value()) << word;
    EXPECT_FALSE(is_final(*status)) << word;
    EXPECT_FALSE(is_listed(*status)) << word;
  }
  EXPECT_EQ(final_call_statuses.size(), 5U);
}

}  // namespace
}  // namespace jobrun
