// What the store's tests share: a directory that goes away, and short ways to say calls, texts and batches.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/ports/spool.hpp"
#include "base/ports/store.hpp"

namespace jobrun::store {

/// A new directory, removed with all that is in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline constexpr Instant noon = from_unix_ms(1'767'268'800'000);  // 2026-01-01T12:00:00Z
inline constexpr Duration second{1'000};
inline constexpr Duration minute{60'000};

inline E164 phone(std::uint64_t digits) {
  return E164::from_digits(digits);
}
inline const E164 business_number = phone(14155550100);
inline const E164 owner_phone = phone(14155550199);

inline CallSid sid(const std::string& text) {
  return *CallSid::parse(text);
}

/// A call of `caller` to the business's number, first seen now.
NewCall a_call(const std::string& call_sid, E164 caller, std::optional<ClientId> client = std::nullopt);
/// Its end, with the intake text promised, its records, its deadline.
Commit an_ended_call(const std::string& call_sid, E164 caller, ClientId client, Instant now);
/// A call seen and not ended, or ended and still pending with a deadline.
Commit a_pending_call(const std::string& call_sid, E164 caller, std::optional<Instant> deadline);
Commit a_suppressed_call(const std::string& call_sid, E164 caller, TextRow leans_on);
PromisedText a_text(const std::string& call_sid, Purpose purpose, E164 caller);
/// A text of that phone to the business's number.
Commit an_inbound_text(const std::string& message_sid, TakenAs taken_as, E164 from,
                       std::optional<ClientId> client = std::nullopt);
/// The end of a call, as the spool keeps it.
SpooledEvent a_spooled_call(const std::string& call_sid);
AlertRequest an_alert(AlertKind kind, const std::string& group = {}, const std::string& call_sid = {});

/// Runs `write` in a batch and commits it; a failure to commit fails the test.
void in_batch(Store& store, const std::function<void(StoreBatch&)>& write);

ClientId add_client(Store& store, const std::string& name = "Smith & Sons",
                    std::optional<E164> own_number = std::nullopt);

/// The timeline's entries of one kind, in order.
std::vector<std::string> details(Store& store, const std::string& call_sid, const std::string& what);
std::optional<Outcome> outcome_of(Store& store, const std::string& call_sid);

}  // namespace jobrun::store
