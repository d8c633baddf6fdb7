#include "ops/log.hpp"

#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/phone_number.hpp"

namespace jobrun::ops {
namespace {

constexpr std::size_t lines_waiting_max = 2048;  // half a kilobyte each, allotted at once

void append_string(std::string& out, std::string_view text) {
  const bool plain =
      std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; });
  if (plain) {
    out += '"';
    out += text;
    out += '"';
    return;
  }
  using Json = nlohmann::json;
  out += Json(text).dump(-1, ' ', true, Json::error_handler_t::replace);
}

/// A field's value as it may be shown.
std::string shown(const LogField& field, bool show_customers) {
  if (show_customers) return field.value;
  switch (field.privacy) {
    case LogField::Privacy::plain:
      return field.value;
    case LogField::Privacy::customer:
      return masked(field.value);
    case LogField::Privacy::foreign:
      return masked_within(field.value);
  }
  return masked(field.value);
}

void append_member(std::string& out, std::string_view key, std::string_view value) {
  out += ',';
  append_string(out, key);
  out += ':';
  append_string(out, value);
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
    case LogLevel::critical:
      return spdlog::level::critical;
  }
  return spdlog::level::info;
}

}  // namespace

std::string to_json_line(const LogLine& line, Instant at, bool show_customers, std::string_view trace_id) {
  std::string out;
  out.reserve(256);
  out += "{\"time\":";
  append_string(out, to_iso8601(at));
  append_member(out, "level", name_of(line.level));
  append_member(out, "message", line.message);
  if (!line.correlation_id.empty()) append_member(out, "correlation_id", line.correlation_id);
  if (!trace_id.empty()) append_member(out, "trace_id", trace_id);
  for (const LogField& field : line.fields) {
    append_member(out, field.key, shown(field, show_customers));
  }
  out += '}';
  return out;
}

struct JsonLog::Impl {
  Options options;
  const Clock& clock;
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<spdlog::async_logger> logger;
};

Result<std::unique_ptr<JsonLog>> JsonLog::open(Options options, const Clock& clock) {
  try {
    auto pool = std::make_shared<spdlog::details::thread_pool>(lines_waiting_max, 1);
    std::shared_ptr<spdlog::sinks::sink> sink;
    if (options.file.empty()) {
      sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    } else {
      sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.file);
    }
    auto logger = std::make_shared<spdlog::async_logger>("jobrun", std::move(sink), pool,
                                                         spdlog::async_overflow_policy::overrun_oldest);
    logger->set_pattern("%v");
    logger->set_level(to_spdlog(options.level));
    logger->flush_on(spdlog::level::warn);
    return std::unique_ptr<JsonLog>(
        new JsonLog(std::make_unique<Impl>(Impl{std::move(options), clock, std::move(pool), std::move(logger)})));
  } catch (const spdlog::spdlog_ex& exception) {
    return failure(ErrorKind::invalid, std::string("cannot open the log file: ") + exception.what());
  }
}

JsonLog::JsonLog(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

JsonLog::~JsonLog() {
  impl_->logger->flush();
}

void JsonLog::write(const LogLine& line) {
  if (line.level < impl_->options.level) return;
  const bool has_trace =
      std::ranges::any_of(line.fields, [](const LogField& field) { return field.key == "trace_id"; });
  const std::optional<Trace> trace = impl_->options.traces != nullptr && !has_trace && !line.correlation_id.empty()
                                         ? impl_->options.traces->of(line.correlation_id)
                                         : std::nullopt;
  impl_->logger->log(to_spdlog(line.level), to_json_line(line, impl_->clock.now(), impl_->options.show_customers,
                                                         trace ? trace->id : std::string()));
}

}  // namespace jobrun::ops
