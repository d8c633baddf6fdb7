#include "rendering.hpp"

#include <gtest/gtest.h>

namespace jobrun::app {
namespace {

using nlohmann::json;

json a_call_with_a_text_by(const char* account) {
  json call = {{"call_sid", "CA1"}, {"timeline", json::array()}};
  call["texts"] = json::array({{{"text_id", "CA1.failsafe"},
                                {"state", "accepted"},
                                {"account", account},
                                {"from", "+14155550180"},
                                {"to", "+14155550123"},
                                {"attempts", 2},
                                {"body", "Text us at +14155550100."}}});
  return call;
}

// Goal: a text that leaves by the second account is seen to; the usual way needs no words.
TEST(Rendering, ATextShowsTheWayItTakes) {
  EXPECT_NE(render_timeline(a_call_with_a_text_by("second"))
                .find("Text CA1.failsafe: accepted, +14155550180 (second account) -> +14155550123, attempts 2\n"),
            std::string::npos);
  EXPECT_NE(render_timeline(a_call_with_a_text_by("first"))
                .find("Text CA1.failsafe: accepted, +14155550180 -> +14155550123, attempts 2\n"),
            std::string::npos);
}

}  // namespace
}  // namespace jobrun::app
