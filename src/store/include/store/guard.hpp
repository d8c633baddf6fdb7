// The guard: what no text may leave without, kept apart from the database for the time when that is away.
//
// Facts of phones (opted out, blocked, not to be texted, landline), senders that the carrier has blocked, and who
// was promised a text of late. In memory for whoever decides, and in a file beside the directory snapshot for a
// start without a database. Who is paused stands in the directory.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ports/meter.hpp"
#include "base/ports/store.hpp"
#include "base/records.hpp"
#include "base/text.hpp"
#include "store/spool_files.hpp"

namespace jobrun::store {

/// A text was promised.
struct GuardedPromise {
  CallerPair pair;
  std::int64_t text = 0;  ///< the stable hash of its id
  Purpose purpose = Purpose::customer_intake;
  std::optional<ClientId> client;
  std::array<char, 2> country{};  ///< the recipient's, as the cost guard counts; zeros: unknown
  Instant at{};

  static GuardedPromise of(const PromisedText& text, std::string_view country, Instant at);
};

using GuardNote = std::variant<GuardedPromise, SetPhoneFact, BlockedSender, UnblockSender>;

/// Callable on any thread. Whoever asks it never waits for its file.
class Guard {
 public:
  /// ISO 3166 of a phone; empty: unknown.
  using CountryOf = std::function<std::string(E164)>;

  /// `name` in `files`; both, and `log`, outlive it. Knows nothing yet.
  Guard(SpoolFiles& files, std::string name, Log& log);
  ~Guard();

  /// Takes all of it from the store, keeps what was noted since, and writes the file anew. Throws StoreFailure.
  void read_from(StoreReader& reader, const CountryOf& country_of, Instant now);
  /// Takes what a former process left in the file: for a start without a database. False, and it is not whole,
  /// when the file is missing or damaged.
  bool read_file();
  /// Whether read_file() would take what is there: `not_found`, or whatever else is wrong. Changes nothing.
  static Result<void> check_file(SpoolFiles& files, const std::string& name);
  /// Whether it knows everything that it is to know. If not, no text may leave to a client's callers.
  bool is_whole() const;

  /// Of what is durable in the store. In the file, synced, when this returns; a file that cannot be written is
  /// removed.
  void add(const std::vector<GuardNote>& notes);
  /// Of what is durable in the spool, and in the store before long; the file has it then.
  void note(const std::vector<GuardNote>& notes);
  /// The store has all that was noted; the file, if nobody told it, once it is tended.
  void forget_noted();
  /// To be called now and then while the store is well: writes the file anew when it could not be written, may lack
  /// something, or has grown.
  void tend(Instant now);

  PhoneFacts phone_facts(const FactScope& scope, E164 phone) const;
  /// When the newest first text was promised to the pair.
  std::optional<Instant> last_first_text(const CallerPair& pair) const;
  std::int64_t texts_since(const CallerPair& pair, Instant since) const;
  /// When a text of that purpose was last promised to the pair; empty if that was before `since`.
  std::optional<Instant> last_promised(const CallerPair& pair, Purpose purpose, Instant since) const;
  TextCounts texts_on_day(std::optional<ClientId> client, std::string_view country, std::int64_t utc_day) const;
  bool is_sender_blocked(const Way& way) const;
  bool has_promised(const PromisedText& text) const;

 private:
  struct Known;
  Result<void> write_anew();
  void file_failed(const Error& error);

  SpoolFiles& files_;
  std::string name_;
  Log& log_;

  mutable std::mutex mutex_;  ///< never held while the file is used
  std::unique_ptr<Known> known_;
  std::vector<GuardNote> noted_;
  bool is_whole_ = false;
  bool is_file_behind_ = false;

  std::mutex file_mutex_;  ///< of what follows; taken before the other
  bool is_file_good_ = false;
  bool has_failed_ = false;  ///< and that was told
  Instant try_again_at_{};
  std::int64_t bytes_ = 0;         ///< of the file
  std::int64_t bytes_as_new_ = 0;  ///< when it was written anew
};

/// The store, with every promise and fact told to the guard once it is durable. Both outlive it.
class GuardedStore final : public Store {
 public:
  GuardedStore(Store& store, Guard& guard) : store_(store), guard_(guard) {}
  std::unique_ptr<StoreBatch> begin(std::span<const Event* const> events) override;
  std::unique_ptr<StoreReader> reader() override { return store_.reader(); }
  void tidy() override { store_.tidy(); }
  Result<void> probe() override { return store_.probe(); }

 private:
  Store& store_;
  Guard& guard_;
};

}  // namespace jobrun::store
