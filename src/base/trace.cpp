#include "base/trace.hpp"

#include <cstdint>

namespace jobrun {
namespace {

constexpr std::string_view hexadecimal = "0123456789abcdef";
constexpr std::size_t trace_id_at = 3;
constexpr std::size_t trace_id_digits = 32;
constexpr std::size_t parent_id_at = 36;
constexpr std::size_t parent_id_digits = 16;
constexpr std::size_t flags_at = 53;
constexpr std::size_t size_of_version_0 = 55;

bool is_hexadecimal(std::string_view text) {
  return text.find_first_not_of(hexadecimal) == std::string_view::npos;
}

bool is_zero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

/// Not all zero.
std::string random_id(std::size_t digits, Random& random) {
  std::string id;
  while (id.size() < digits) {
    const std::uint64_t drawn = random.below(std::uint64_t{1} << 32);
    for (int shift = 28; shift >= 0; shift -= 4) id += hexadecimal[(drawn >> shift) & 0xF];
  }
  if (is_zero(id)) id.back() = '1';
  return id;
}

}  // namespace

std::optional<Trace> read_traceparent(std::string_view header) {
  if (header.size() < size_of_version_0) return std::nullopt;
  const std::string_view version = header.substr(0, 2);
  const std::string_view id = header.substr(trace_id_at, trace_id_digits);
  const std::string_view parent = header.substr(parent_id_at, parent_id_digits);
  const std::string_view flags = header.substr(flags_at, 2);
  const bool has_dashes = header[2] == '-' && header[parent_id_at - 1] == '-' && header[flags_at - 1] == '-';
  if (!has_dashes || !is_hexadecimal(version) || version == "ff") return std::nullopt;
  if (header.size() > size_of_version_0 && (version == "00" || header[size_of_version_0] != '-'))
    return std::nullopt;
  if (!is_hexadecimal(id) || !is_hexadecimal(parent) || !is_hexadecimal(flags)) return std::nullopt;
  if (is_zero(id) || is_zero(parent)) return std::nullopt;
  return Trace{.id = std::string(id), .is_sampled = (hexadecimal.find(flags.back()) & 1U) != 0};
}

std::string write_traceparent(const Trace& trace, Random& random) {
  return "00-" + trace.id + "-" + random_id(parent_id_digits, random) + (trace.is_sampled ? "-01" : "-00");
}

Trace Traces::of_request(std::string_view traceparent) const {
  if (std::optional<Trace> told = read_traceparent(traceparent)) return *std::move(told);
  return {.id = random_id(trace_id_digits, random_), .is_sampled = false};
}

void Traces::keep(std::string_view correlation_id, const Trace& trace) {
  if (correlation_id.empty()) return;
  const std::lock_guard lock(mutex_);
  if (newer_.size() >= remembered_) {
    older_ = std::move(newer_);
    newer_.clear();
  }
  newer_.insert_or_assign(std::string(correlation_id), trace);
}

std::optional<Trace> Traces::of(std::string_view correlation_id) const {
  const std::lock_guard lock(mutex_);
  for (const Known* known : {&newer_, &older_}) {
    if (const auto found = known->find(correlation_id); found != known->end()) return found->second;
  }
  return std::nullopt;
}

std::string Traces::traceparent_for(std::string_view correlation_id) const {
  const std::optional<Trace> trace = of(correlation_id);
  return trace ? write_traceparent(*trace, random_) : std::string();
}

}  // namespace jobrun
