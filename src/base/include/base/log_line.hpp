// Log lines as data, so that pure code can say what is to be logged.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/names.hpp"

namespace jobrun {

enum class LogLevel { debug, info, warning, error, critical };

template <>
struct NamesOf<LogLevel> {
  static constexpr std::array<Named<LogLevel>, 5> rows = {{{LogLevel::debug, "debug"},
                                                           {LogLevel::info, "info"},
                                                           {LogLevel::warning, "warning"},
                                                           {LogLevel::error, "error"},
                                                           {LogLevel::critical, "critical"}}};
};

struct LogField {
  enum class Privacy {
    plain,     ///< shown as it is: ids, statuses, our own and our clients' numbers
    customer,  ///< a customer's number or words: masked unless the operator asked otherwise
    foreign,   ///< somebody else's words, as a carrier's error message: numbers within them are masked likewise
  };
  std::string_view key;
  std::string value;
  Privacy privacy = Privacy::plain;
};

/// One line. `correlation_id` is the CallSid on every line of a call; empty elsewhere.
struct LogLine {
  LogLevel level = LogLevel::info;
  std::string message;
  std::string correlation_id;
  std::vector<LogField> fields;
};

}  // namespace jobrun
