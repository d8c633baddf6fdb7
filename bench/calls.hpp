// The calls that the benchmarks make: one business's number, every caller a new one.
#pragma once

#include <cstdint>
#include <string>

#include "base/phone_number.hpp"

namespace jobrun::bench {

inline constexpr E164 business_number = E164::from_digits(14'155'550'100);

/// The i-th caller: a number of its own in one country, spread as real callers are.
inline E164 caller(std::uint64_t i) {
  constexpr std::uint64_t area = 12'120'000'000;
  constexpr std::uint64_t subscribers = 10'000'000;
  constexpr std::uint64_t stride = 6'180'339;  // coprime to `subscribers`: visits each once, in no order
  return E164::from_digits(area + (i * stride) % subscribers);
}

/// The i-th call's sid; `run` keeps the runs on one database apart.
inline std::string call_sid(std::uint64_t run, std::uint64_t i) {
  static constexpr char hex[] = "0123456789abcdef";
  std::uint64_t bits = (run << 40U | i) * 0x9E3779B97F4A7C15ULL;
  std::string sid = "CA";
  for (int n = 0; n < 16; ++n, bits >>= 4U) sid += hex[bits & 0xFU];
  return sid + std::string(16, '0');
}

}  // namespace jobrun::bench
