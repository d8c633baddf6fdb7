#include "practice.hpp"

#include <algorithm>
#include <charconv>

namespace jobrun::simulator {

namespace {

/// SplitMix64: spreads a counter over all bits.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

void append_hex(std::string& out, std::uint64_t value) {
  constexpr std::string_view hex = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) out += hex[(value >> shift) & 15];
}

}  // namespace

std::string SidSource::next(std::string_view prefix) {
  ++count_;
  std::string sid{prefix};
  sid.reserve(prefix.size() + 32);
  append_hex(sid, mixed(seed_ ^ mixed(count_)));
  append_hex(sid, mixed(seed_ + 0x5851F42D4C957F2DULL * count_));
  return sid;
}

Practice::Practice(const Options& options) : sids(options.seed), configured_(options.numbers) {
  defaults.service_url = options.service_url;
  defaults.fast = options.fast;
  knobs = defaults;
  is_open = configured_.empty();
  configure_numbers();
}

void Practice::configure_numbers() {
  numbers.clear();
  for (const OwnedNumber& owned : configured_) {
    NumberRecord record;
    record.sid = sids.next("PN");
    record.number = owned.number.text();
    record.friendly_name = record.number;
    record.base_url = owned.service_url;
    numbers.emplace(record.number, std::move(record));
  }
}

NumberRecord* Practice::number(std::string_view text, Instant now) {
  const auto it = numbers.find(text);
  if (it != numbers.end()) return &it->second;
  if (!is_open || numbers.size() >= numbers_max) return nullptr;
  NumberRecord record;
  record.sid = sids.next("PN");
  record.number = text;
  record.friendly_name = text;
  record.created_at = record.updated_at = now;
  return &numbers.emplace(record.number, std::move(record)).first->second;
}

NumberRecord* Practice::number_by_sid(std::string_view sid) {
  const auto it = std::ranges::find_if(numbers, [&](const auto& row) { return row.second.sid == sid; });
  return it == numbers.end() ? nullptr : &it->second;
}

std::string Practice::base_of(const NumberRecord& record) const {
  std::string base = record.base_url.empty() ? knobs.service_url : record.base_url;
  while (base.ends_with('/')) base.pop_back();
  return base;
}

std::string Practice::voice_url(const NumberRecord& record) const {
  return record.voice_url ? *record.voice_url : base_of(record) + "/twilio/voice";
}

std::string Practice::status_url(const NumberRecord& record) const {
  return record.status_callback ? *record.status_callback : base_of(record) + "/twilio/status";
}

std::string Practice::sms_url(const NumberRecord& record) const {
  return record.sms_url ? *record.sms_url : base_of(record) + "/twilio/sms";
}

void Practice::note_receipt(std::string_view to, std::int64_t unix_us) {
  const auto kept = static_cast<std::size_t>(knobs.receipts_kept);
  if (kept == 0) return;
  Receipt receipt{0, unix_us};
  const char* begin = to.data() + (to.starts_with('+') ? 1 : 0);
  std::from_chars(begin, to.data() + to.size(), receipt.to_digits);
  if (receipts.size() < kept) {
    receipts.push_back(receipt);
  } else {
    receipts[receipts_seen % kept] = receipt;
  }
  ++receipts_seen;
}

std::vector<Receipt> Practice::receipts_in_order() const {
  std::vector<Receipt> ordered = receipts;
  if (receipts_seen > receipts.size() && !receipts.empty()) {
    const auto oldest = static_cast<std::ptrdiff_t>(receipts_seen % receipts.size());
    std::ranges::rotate(ordered, ordered.begin() + oldest);
  }
  return ordered;
}

void Practice::reset() {
  // The service may have learned its port after this carrier started; forgetting it would silence every call.
  std::string service_url = std::move(knobs.service_url);
  knobs = defaults;
  knobs.service_url = std::move(service_url);
  counts = Counts{};
  calls.clear();
  texts.clear();
  media.clear();
  requests.clear();
  alerts.clear();
  opt_outs.clear();
  receipts.clear();
  receipts.shrink_to_fit();
  receipts_seen = 0;
  configure_numbers();
}

}  // namespace jobrun::simulator
