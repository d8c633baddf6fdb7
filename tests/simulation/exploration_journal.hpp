// What is durable of one or two calls, as a small value: the journal that the exploration steps through.
//
// An exploration visits a great many journals, so one must be cheap to copy, compare and remember. Long values
// (promised texts, alerts, words said) are kept once, in a Library, and named by their place in it.
//
// Repeated from the store (src/store/sqlite/batch_*.cpp) is only what later decisions and rules can see: the rows
// of a Commit, the states each transition of a text may begin in, what an accepted alert does to calls. The store
// is held to the same by its contract tests. Not repeated: grouping of alerts that escalate (each is accepted on
// its own, which allows more orders than the store), business records beyond their number, and time.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/commit.hpp"
#include "base/ports/store.hpp"
#include "base/testing/no_facts.hpp"
#include "loss.hpp"
#include "next_step.hpp"

namespace jobrun::exploration {

/// A rule that does not hold. Thrown where it is noticed; whoever explores adds the steps that led there.
struct RuleBroken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void require(bool holds, const char* rule) {
  if (!holds) throw RuleBroken(rule);
}

/// A vector that needs no memory of its own. More than `most` elements is a broken rule.
template <class T, std::size_t most>
class Few {
 public:
  void push_back(const T& element) {
    require(size_ < most, "the journal stays small: one call leaves few texts and alerts");
    elements_[size_++] = element;
  }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](std::size_t i) { return elements_[i]; }
  const T& operator[](std::size_t i) const { return elements_[i]; }
  T* begin() { return elements_.data(); }
  T* end() { return elements_.data() + size_; }
  const T* begin() const { return elements_.data(); }
  const T* end() const { return elements_.data() + size_; }

 private:
  std::array<T, most> elements_{};
  std::uint8_t size_ = 0;
};

enum class Deadline : std::uint8_t { none, ahead, passed };

/// A place in the Library, or in a list of the journal.
using Place = std::uint8_t;

struct CallInJournal {
  bool is_known = false;
  NumberRole role = NumberRole::system;
  RoleSource source = RoleSource::unknown;
  std::optional<ClientId> client;
  Greeting greeting = Greeting::none;
  Place words = 0;           ///< what the caller heard; 0: nothing
  std::uint16_t events = 0;  ///< a bit for each of the keys that were kept
  std::optional<CallStatus> final_status;
  std::optional<AfterCallRow> reason;
  std::optional<Outcome> outcome;
  std::optional<Place> leans_on;  ///< a text of the journal
  Deadline deadline = Deadline::none;
  std::uint8_t contacts = 0;  ///< how often business records were written
};

/// What was told of the message that a request made.
struct MessageInJournal {
  std::uint8_t way = 0;     ///< that the request took
  std::uint16_t told = 0;   ///< a bit for each MessageStatus
  std::uint16_t code = 0;   ///< told with that it is lost
  bool is_lost = false;     ///< the text was this message, and that was acted upon
  bool is_missing = false;  ///< look-ups did not find it, and the text was promised again

  bool is_told(MessageStatus status) const { return (told >> static_cast<unsigned>(status) & 1U) != 0; }
  bool is_told_delivered() const { return is_told(MessageStatus::delivered) || is_told(MessageStatus::read); }
  bool is_told_lost() const;
  std::optional<MessageStatus> furthest() const;
};

/// Of one text; each request makes one.
constexpr std::size_t messages_max = 4;

struct TextInJournal {
  Place promise = 0;
  Place call = 0;
  TextState state = TextState::promised;
  std::uint8_t way = 0;
  ClosedWays closed_ways{};
  std::uint8_t attempts = 0;
  Place message = 0;  ///< the one it was accepted as, counted from 1; 0: none
  std::optional<MessageStatus> status{};
  std::array<MessageInJournal, messages_max> messages{};  ///< by attempts

  MessageInJournal& message_of(Place number) { return messages.at(number - 1U); }
  const MessageInJournal& message_of(Place number) const { return messages.at(number - 1U); }
  /// The first message that was told of and that settles the text: what the look-ups need not ask for. 0: none.
  Place told_message() const;
  /// The first message that was told of and is not lost. 0: none.
  Place message_there() const;
};

struct AlertInJournal {
  Place request = 0;
  Place call = 0;
  std::optional<Place> text;  ///< the refused text that it tells of
  bool escalates = false;
  bool is_accepted = false;
};

constexpr std::size_t calls_max = 2;
constexpr std::size_t alerts_max = 8;

struct Journal {
  Place directory = 0;       ///< which of the world's directories holds
  PhoneFacts facts;          ///< about the one caller
  std::uint8_t blocked = 0;  ///< senders: a bit for each of Constants::senders
  Few<CallInJournal, calls_max> calls;
  Few<TextInJournal, 3> texts;
  Few<AlertInJournal, alerts_max> alerts;
};

/// Equal for equal journals and for no others.
std::string key_of(const Journal& journal);

/// Long values, each once. Places never change.
class Library {
 public:
  Library() : words_{""} {}
  Place keep(const PromisedText& text);
  /// Alerts that differ only in their words are one.
  Place keep(const AlertRequest& alert);
  Place keep(const std::string& words);
  const PromisedText& text(Place place) const { return texts_[place]; }
  const AlertRequest& alert(Place place) const { return alerts_[place]; }
  const std::string& words(Place place) const { return words_[place]; }

 private:
  std::vector<PromisedText> texts_;
  std::vector<AlertRequest> alerts_;
  std::vector<std::string> words_;
};

/// What is the same in every journal of an exploration.
struct Constants {
  std::vector<CallDetails> calls;       ///< in the order of Journal::calls
  std::vector<std::string> event_keys;  ///< in the order of the bits of CallInJournal::events
  std::vector<Way> senders;             ///< in the order of the bits of Journal::blocked
  Instant now{};
};

/// The carrier's id of a text's message.
std::string sid_of_message(Place number);

bool is_blocked(const Journal& journal, const Way& way, const Constants& constants);

/// A journal with its calls still unknown.
Journal an_empty_journal(const Constants& constants);

/// The facts of a journal, as a decision reads them.
class JournalFacts final : public testing_support::NoFacts<> {
 public:
  /// All must outlive this.
  JournalFacts(const Journal& journal, const Constants& constants, const Library& library)
      : journal_(journal), constants_(constants), library_(library) {}
  const Journal& journal() const { return journal_; }
  std::optional<CallRecord> find_call(const CallSid& call_sid) override;
  bool has_event(CallId call, std::string_view event_key) override;
  PhoneFacts phone_facts(const FactScope&, E164) override { return journal_.facts; }
  std::optional<LastText> last_first_text(const CallerPair& pair) override;
  std::int64_t texts_since(const CallerPair& pair, Instant since) override;
  TextCounts texts_on_day(std::optional<ClientId> client, std::string_view country, std::int64_t utc_day) override;
  std::optional<TextOnRecord> find_text(const TextId& id) override;
  bool has_message_event(TextRow text, std::string_view message_sid, std::string_view status_text) override;
  bool was_lost(TextRow text, std::string_view message_sid) override;
  std::optional<ToldLoss> told_lost(TextRow text, std::string_view message_sid) override;
  std::optional<std::string> told_message(TextRow text) override;
  bool is_sender_blocked(const Way& way) override { return is_blocked(journal_, way, constants_); }

 private:
  const MessageInJournal& message(TextRow text, std::string_view message_sid) const;

  const Journal& journal_;
  const Constants& constants_;
  const Library& library_;
};

/// The text as the outbox carries it.
TextRecord record_of(const Journal& journal, Place text, const Constants& constants, const Library& library);

// --- what makes a journal another one -------------------------------------------------------------

void write(Journal& journal, const Commit& commit, const Constants& constants, Library& library);
/// Only a promised text becomes started.
void mark_started(Journal& journal, Place place, std::size_t way, ClosedWays closed_ways);
/// Only a started text is answered; a promised one may be given up.
void record(Journal& journal, Place text, const outbox::NextStep& step, Library& library);
/// Only an accepted text is lost.
void record_lost(Journal& journal, Place place, const TextLoss& loss, Library& library);
/// What a refusal or a loss means beyond its text, and what it says of the caller.
void write_consequences(Journal& journal, const outbox::Consequences& consequences, const Constants& constants,
                        Library& library);
void learn(Journal& journal, const SetPhoneFact& fact);
/// Only an unknown text is found, or promised again because the carrier has not got it.
void record_found(Journal& journal, Place place, Place message);
void promise_again(Journal& journal, Place place);
/// A new process begins.
void started_become_unknown(Journal& journal);
void accept_alert(Journal& journal, Place alert);
/// The look for overdue calls finds it.
void pass_deadline(Journal& journal, Place call);

}  // namespace jobrun::exploration
