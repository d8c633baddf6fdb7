#include "ops/log.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <nlohmann/json.hpp>

namespace jobrun::ops {
namespace {

// Goal: a customer's number never stands in a log line in clear, unless the operator asked for it.
TEST(Log, MasksCustomersNumbers) {
  const LogLine line{LogLevel::warning,
                     "SYSTEM FAILSAFE",
                     "CA1",
                     {{"to", "+14155550100"}, {"from", "+14155550123", LogField::Privacy::customer}}};
  const std::string masked_line = to_json_line(line, Instant{}, false);
  EXPECT_EQ(masked_line.find("+14155550123"), std::string::npos);
  EXPECT_NE(masked_line.find("+14155550100"), std::string::npos) << "the number called is ours and is shown";
  EXPECT_NE(to_json_line(line, Instant{}, true).find("+14155550123"), std::string::npos);
}

// Goal: a carrier's message does not tell a customer's number in clear either, unless the operator asked for it.
TEST(Log, MasksNumbersWithinForeignWords) {
  const LogLine line{
      LogLevel::warning,
      "text refused",
      "CA1",
      {{"reason", "code 21211: Invalid 'To' Phone Number: +14155550123", LogField::Privacy::foreign}}};
  const std::string text = to_json_line(line, Instant{}, false);
  EXPECT_NE(text.find("code 21211: Invalid 'To' Phone Number: +1415*****23"), std::string::npos) << text;
  EXPECT_NE(to_json_line(line, Instant{}, true).find("+14155550123"), std::string::npos);
}

// Goal: every line is one JSON object on one line, whatever bytes it is given.
TEST(Log, WritesOneJsonObjectPerLineForAnyBytes) {
  EXPECT_TRUE(rc::check([](const std::string& message, const std::string& value, const std::string& id) {
    const std::string text = to_json_line({LogLevel::info, message, id, {{"field", value}}}, Instant{}, false);
    RC_ASSERT(text.find('\n') == std::string::npos);
    const auto json = nlohmann::json::parse(text);
    RC_ASSERT(json.at("level") == "info");
    RC_ASSERT(json.contains("correlation_id") == !id.empty());
  }));
}

// Goal: a line that belongs to a trace says so, beside its correlation id.
TEST(Log, TellsTheTrace) {
  const auto line = nlohmann::json::parse(to_json_line({LogLevel::info, "call came in", "CA1", {}}, Instant{},
                                                       false, "4bf92f3577b34da6a3ce929d0e0e4736"));
  EXPECT_EQ(line.at("trace_id"), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_FALSE(nlohmann::json::parse(to_json_line({LogLevel::info, "call came in", "CA1", {}}, Instant{}, false))
                   .contains("trace_id"));
}

}  // namespace
}  // namespace jobrun::ops
