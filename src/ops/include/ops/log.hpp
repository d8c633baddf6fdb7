// Logs: one JSON object a line, the correlation id on every line of a call, customers' numbers masked.
#pragma once

#include <memory>
#include <string>

#include "base/ports/clock.hpp"
#include "base/ports/meter.hpp"
#include "base/result.hpp"
#include "base/trace.hpp"

namespace jobrun::ops {

/// `{"time":"2026-01-03T10:15:30.250Z","level":"warning","message":"SYSTEM FAILSAFE",
///   "correlation_id":"CA...","to":"+14155550100","from":"+1415*****23"}`
std::string to_json_line(const LogLine& line, Instant at, bool show_customers, std::string_view trace_id = {});

/// Writes on a thread of its own. When that cannot keep up, the oldest waiting lines are dropped: logs are
/// for people; what must not be lost is in the ledger.
class JsonLog final : public Log {
 public:
  struct Options {
    LogLevel level = LogLevel::info;
    std::string file;                ///< empty: standard error
    bool show_customers = false;     ///< numbers and texts of customers in clear
    const Traces* traces = nullptr;  ///< a line about a call or text has its `trace_id`; null: none has
  };

  static Result<std::unique_ptr<JsonLog>> open(Options options, const Clock& clock);
  ~JsonLog() override;  ///< writes what waits
  JsonLog(const JsonLog&) = delete;
  JsonLog& operator=(const JsonLog&) = delete;
  void write(const LogLine& line) override;

 private:
  struct Impl;
  explicit JsonLog(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace jobrun::ops
