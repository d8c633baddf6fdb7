#include "store/guard.hpp"

#include <algorithm>
#include <map>
#include <ranges>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "base/rare_path.hpp"
#include "spool/bounded_cbor.hpp"
#include "spool/fields.hpp"
#include "spool/record_codec.hpp"
#include "spool/records.hpp"
#include "sqlite/batch.hpp"

namespace jobrun::store {
namespace {

using nlohmann::json;

/// Longer than any limit that is counted by the day. Cool-downs beyond it end with it while the database is away.
constexpr Duration remembered_for = std::chrono::hours{48};
/// Beyond this the file is written anew once it has doubled. Promises wait for that, so it is seldom.
constexpr std::int64_t grows_by_at_least = 32 << 20;
constexpr Duration again_after{5'000};

std::int64_t key_of(const FactScope& scope) {
  if (scope.client) return scope.client->value;
  return scope.kind == FactScope::Kind::failsafe ? -1 : 0;
}

FactScope scope_of_key(std::int64_t key) {
  if (key > 0) return {FactScope::Kind::client, ClientId{key}};
  return {key < 0 ? FactScope::Kind::failsafe : FactScope::Kind::everybody, std::nullopt};
}

std::string_view as_word(const std::array<char, 2>& country) {
  return country[0] == 0 ? std::string_view() : std::string_view(country.data(), country.size());
}

std::array<char, 2> as_letters(std::string_view country) {
  return country.size() == 2 ? std::array<char, 2>{country[0], country[1]} : std::array<char, 2>{};
}

struct NoteToJson {
  json operator()(const GuardedPromise& promise) const {
    json object{{"note", "promise"},
                {"text", promise.text},
                {"purpose", name_of(promise.purpose)},
                {"caller", promise.pair.caller.digits()},
                {"number", promise.pair.number.digits()},
                {"country", std::string(as_word(promise.country))},
                {"at", to_unix_ms(promise.at)}};
    put_client(object, promise.client);
    return object;
  }
  json operator()(const SetPhoneFact& fact) const { return {{"note", "fact"}, {"fact", fact_to_json(fact)}}; }
  json operator()(const BlockedSender& blocked) const {
    return {{"note", "blocked"}, {"blocked", blocked_to_json(blocked)}};
  }
  json operator()(const UnblockSender& unblocked) const {
    return {{"note", "unblocked"}, {"sender", unblocked.sender.digits()}};
  }
};

std::string encoded(const json& object) {
  const std::vector<std::uint8_t> bytes = json::to_cbor(object);
  return framed(std::string(bytes.begin(), bytes.end()));
}

/// The first record of a file: without it what follows is a part of something.
std::string heading() {
  return encoded({{"note", "guard"}, {"version", 1}});
}

bool is_heading(const json& object) {
  return object.at("note") == "guard" && object.at("version") == 1;
}

/// Notes of before there were replies told first texts from others, which were canaries.
Purpose purpose_in(const json& object) {
  if (object.contains("purpose")) return named<Purpose>(object, "purpose");
  return object.at("first").get<bool>() ? Purpose::customer_intake : Purpose::canary;
}

GuardNote note_from_json(const json& object) {
  const auto note = object.at("note").get<std::string>();
  if (note == "promise") {
    return GuardedPromise{.pair = {certain_phone_in(object, "caller"), certain_phone_in(object, "number")},
                          .text = object.at("text").get<std::int64_t>(),
                          .purpose = purpose_in(object),
                          .client = client_in(object),
                          .country = as_letters(object.at("country").get<std::string>()),
                          .at = instant_in(object, "at").value_or(Instant{})};
  }
  if (note == "fact") return fact_from_json(object.at("fact"));
  if (note == "blocked") return blocked_from_json(object.at("blocked"));
  if (note == "unblocked") return UnblockSender{certain_phone_in(object, "sender")};
  throw std::invalid_argument("an unknown note");
}

struct PairHash {
  std::size_t operator()(const CallerPair& pair) const {
    return std::hash<E164>{}(pair.caller) * 31 + std::hash<E164>{}(pair.number);
  }
};

struct FactKey {
  std::int64_t scope;
  E164 phone;
  friend bool operator==(FactKey, FactKey) = default;
};

struct FactHash {
  std::size_t operator()(FactKey key) const {
    return std::hash<E164>{}(key.phone) * 31 + static_cast<std::size_t>(key.scope);
  }
};

/// UTC day; a client's id, a country or, both empty, everybody.
using CountKey = std::tuple<std::int64_t, std::int64_t, std::string>;

}  // namespace

struct Guard::Known {
  std::unordered_map<FactKey, PhoneFacts, FactHash> facts;
  std::vector<BlockedSender> blocked;
  std::unordered_multimap<CallerPair, GuardedPromise, PairHash> promises;
  std::map<CountKey, std::int64_t> counts;

  auto of(const CallerPair& pair) const {
    const auto [first, last] = promises.equal_range(pair);
    return std::ranges::subrange(first, last) | std::views::values;
  }

  void learn(const GuardNote& note) {
    std::visit([this](const auto& one) { learn(one); }, note);
  }

  /// One that is known was promised while the database was away, and that has it now.
  void learn(const GuardedPromise& promise) {
    const auto [first, last] = promises.equal_range(promise.pair);
    const auto known =
        std::find_if(first, last, [&](const auto& entry) { return entry.second.text == promise.text; });
    if (known != last) {
      known->second.at = promise.at;
      return;
    }
    promises.emplace(promise.pair, promise);
    if (!counts_by_the_day(promise.purpose)) return;
    const std::int64_t day = utc_day(promise.at);
    ++counts[{day, 0, ""}];
    if (promise.client) ++counts[{day, promise.client->value, ""}];
    if (promise.country[0] != 0) ++counts[{day, 0, std::string(as_word(promise.country))}];
  }
  void learn(const SetPhoneFact& fact) {
    const FactKey key{key_of(fact.scope), fact.phone};
    PhoneFacts& of_phone = facts[key];
    field_of(of_phone, fact.fact) = fact.holds;
    if (!of_phone.opted_out && !of_phone.blocked && !of_phone.do_not_text && !of_phone.landline) facts.erase(key);
  }
  void learn(const BlockedSender& sender) {
    const auto known = std::ranges::find(blocked, sender.way, &BlockedSender::way);
    if (known == blocked.end()) blocked.push_back(sender);
  }
  void learn(const UnblockSender& unblocked) {
    std::erase_if(blocked, [&](const BlockedSender& one) { return one.way.sender == unblocked.sender; });
  }

  void forget_before(Instant time) {
    std::erase_if(promises, [time](const auto& entry) { return entry.second.at < time; });
    std::erase_if(counts, [time](const auto& entry) { return std::get<0>(entry.first) < utc_day(time); });
  }

  std::string as_bytes() const {
    std::string bytes = heading();
    for (const auto& [key, of_phone] : facts) {
      PhoneFacts held = of_phone;
      for (const auto& [fact, word] : NamesOf<PhoneFact>::rows) {
        if (!field_of(held, fact)) continue;
        bytes += encoded(NoteToJson{}(SetPhoneFact{scope_of_key(key.scope), key.phone, fact, true}));
      }
    }
    for (const BlockedSender& sender : blocked) bytes += encoded(NoteToJson{}(sender));
    for (const auto& [pair, promise] : promises) bytes += encoded(NoteToJson{}(promise));
    return bytes;
  }
};

GuardedPromise GuardedPromise::of(const PromisedText& text, std::string_view country, Instant at) {
  return {.pair = text.pair,
          .text = hash_of_sid(text.id.text()),
          .purpose = text.id.purpose,
          .client = text.client,
          .country = as_letters(country),
          .at = at};
}

Guard::Guard(SpoolFiles& files, std::string name, Log& log)
    : files_(files), name_(std::move(name)), log_(log), known_(std::make_unique<Known>()) {}

Guard::~Guard() = default;

// --- what it knows --------------------------------------------------------------------------------

void Guard::read_from(StoreReader& reader, const CountryOf& country_of, Instant now) {
  auto known = std::make_unique<Known>();
  reader.each_phone_fact([&](const SetPhoneFact& fact) { known->learn(fact); });
  for (const BlockedSender& blocked : reader.blocked_senders()) known->learn(blocked);
  reader.each_text_since(now - remembered_for, [&](const TextRecord& text) {
    known->learn(GuardedPromise::of(text.promise, country_of(text.promise.pair.caller), text.promised_at));
  });
  {
    const std::lock_guard lock(mutex_);
    for (const GuardNote& note : noted_) known->learn(note);
    known_ = std::move(known);
    is_whole_ = true;
  }
  const std::lock_guard file_lock(file_mutex_);
  if (Result<void> written = write_anew(); !written) file_failed(written.error());
}

bool Guard::is_whole() const {
  const std::lock_guard lock(mutex_);
  return is_whole_;
}

PhoneFacts Guard::phone_facts(const FactScope& scope, E164 phone) const {
  const std::lock_guard lock(mutex_);
  PhoneFacts all;
  for (const std::int64_t key : {key_of(scope), std::int64_t{0}}) {
    const auto found = known_->facts.find({key, phone});
    if (found == known_->facts.end()) continue;
    all.opted_out |= found->second.opted_out;
    all.blocked |= found->second.blocked;
    all.do_not_text |= found->second.do_not_text;
    all.landline |= found->second.landline;
  }
  return all;
}

std::optional<Instant> Guard::last_first_text(const CallerPair& pair) const {
  const std::lock_guard lock(mutex_);
  std::optional<Instant> newest;
  for (const GuardedPromise& promise : known_->of(pair)) {
    if (is_first_text(promise.purpose) && (!newest || *newest < promise.at)) newest = promise.at;
  }
  return newest;
}

std::int64_t Guard::texts_since(const CallerPair& pair, Instant since) const {
  const std::lock_guard lock(mutex_);
  return std::ranges::count_if(known_->of(pair),
                               [since](const GuardedPromise& promise) { return promise.at >= since; });
}

std::optional<Instant> Guard::last_promised(const CallerPair& pair, Purpose purpose, Instant since) const {
  const std::lock_guard lock(mutex_);
  std::optional<Instant> newest;
  for (const GuardedPromise& promise : known_->of(pair)) {
    if (promise.purpose == purpose && promise.at >= since) newest = std::max(newest, std::optional(promise.at));
  }
  return newest;
}

TextCounts Guard::texts_on_day(std::optional<ClientId> client, std::string_view country,
                               std::int64_t utc_day) const {
  const std::lock_guard lock(mutex_);
  const auto count = [&](std::int64_t whose, std::string_view of_country) {
    const auto found = known_->counts.find({utc_day, whose, std::string(of_country)});
    return found == known_->counts.end() ? 0 : found->second;
  };
  return {.client = client ? count(client->value, "") : 0,
          .country = country.empty() ? 0 : count(0, country),
          .service = count(0, "")};
}

bool Guard::is_sender_blocked(const Way& way) const {
  const std::lock_guard lock(mutex_);
  return std::ranges::find(known_->blocked, way, &BlockedSender::way) != known_->blocked.end();
}

bool Guard::has_promised(const PromisedText& text) const {
  const std::lock_guard lock(mutex_);
  const std::int64_t hash = hash_of_sid(text.id.text());
  return std::ranges::any_of(known_->of(text.pair),
                             [hash](const GuardedPromise& promise) { return promise.text == hash; });
}

void Guard::note(const std::vector<GuardNote>& notes) {
  const std::lock_guard lock(mutex_);
  for (const GuardNote& one : notes) known_->learn(one);
  noted_.insert(noted_.end(), notes.begin(), notes.end());
}

void Guard::forget_noted() {
  const std::lock_guard lock(mutex_);
  // What the store took in a batch that failed all the same was told to nobody.
  is_file_behind_ = is_file_behind_ || !noted_.empty();
  noted_.clear();
}

// --- the file -------------------------------------------------------------------------------------

void Guard::add(const std::vector<GuardNote>& notes) {
  if (notes.empty()) return;
  std::string bytes;
  for (const GuardNote& one : notes) bytes += encoded(std::visit(NoteToJson{}, one));
  {
    const std::lock_guard lock(mutex_);
    for (const GuardNote& one : notes) known_->learn(one);
  }
  // What was written anew meanwhile has them too, and twice is as good as once.
  const std::lock_guard file_lock(file_mutex_);
  if (!is_file_good_) return;
  Result<void> written = files_.append(name_, bytes);
  if (written) written = files_.sync(name_);
  bytes_ += static_cast<std::int64_t>(bytes.size());
  if (!written) file_failed(written.error());
}

/// A file that does not know everything must not be believed.
void Guard::file_failed(const Error& error) {
  seen(RarePath::guard_not_written);
  is_file_good_ = false;
  static_cast<void>(files_.remove(name_));
  if (std::exchange(has_failed_, true)) return;
  log_.write({LogLevel::error,
              "the guard's file cannot be written; should the service start without its database now, no text "
              "leaves to the callers of any client",
              "",
              {{"error", error.message}}});
}

void Guard::tend(Instant now) {
  const std::unique_lock file_lock(file_mutex_, std::try_to_lock);
  const bool has_grown = bytes_ > grows_by_at_least + 2 * bytes_as_new_;
  const bool is_behind = [this] {
    const std::lock_guard lock(mutex_);
    return is_file_behind_;
  }();
  if (!file_lock || !is_whole() || (is_file_good_ && !has_grown && !is_behind)) return;
  if (has_failed_ && now < try_again_at_ && now + again_after >= try_again_at_) return;
  try_again_at_ = now + again_after;
  {
    const std::lock_guard lock(mutex_);
    known_->forget_before(now - remembered_for);
    is_file_behind_ = false;
  }
  if (Result<void> written = write_anew(); !written) file_failed(written.error());
}

Result<void> Guard::write_anew() {
  const auto copy_known = [this] {
    const std::lock_guard lock(mutex_);
    return *known_;
  };
  const std::string bytes = copy_known().as_bytes();
  const std::string next = name_ + ".next";
  static_cast<void>(files_.remove(next));
  if (Result<void> created = files_.create(next, 0); !created) return created;
  if (Result<void> appended = files_.append(next, bytes); !appended) return appended;
  if (Result<void> synced = files_.sync(next); !synced) return synced;
  if (Result<void> renamed = files_.rename(next, name_); !renamed) return renamed;
  is_file_good_ = true;
  has_failed_ = false;
  bytes_ = bytes_as_new_ = static_cast<std::int64_t>(bytes.size());
  return {};
}

namespace {

/// Empty: it is not to be believed. A record that a crash tore off at the end was of a batch that nobody has been
/// told of.
std::optional<std::vector<GuardNote>> notes_in(std::string_view bytes) {
  const Scan found = scan(bytes);
  const bool is_torn_at_end_only = found.damaged == 0 || (found.damaged == 1 && found.is_end_damaged);
  if (!is_torn_at_end_only || found.payloads.empty()) return std::nullopt;
  std::vector<GuardNote> notes;
  try {
    bool is_first = true;
    for (const std::string_view payload : found.payloads) {
      const json object = from_bounded_cbor(payload);
      if (!std::exchange(is_first, false)) {
        notes.push_back(note_from_json(object));
      } else if (!is_heading(object)) {
        return std::nullopt;
      }
    }
  } catch (const std::exception&) {
    return std::nullopt;
  }
  return notes;
}

}  // namespace

Result<void> Guard::check_file(SpoolFiles& files, const std::string& name) {
  const Result<std::string> bytes = files.read(name);
  if (!bytes) return std::unexpected(bytes.error());
  if (!notes_in(*bytes)) return invalid("the guard's file " + name + " is damaged");
  return {};
}

/// The file is left as it is: the disk may be failing, and is written anew once the database is back.
bool Guard::read_file() {
  const Result<std::string> bytes = files_.read(name_);
  const std::optional<std::vector<GuardNote>> notes = bytes ? notes_in(*bytes) : std::nullopt;
  const std::lock_guard lock(mutex_);
  known_ = std::make_unique<Known>();
  is_whole_ = notes.has_value();
  if (notes) {
    for (const GuardNote& one : *notes) known_->learn(one);
  }
  return is_whole_;
}

}  // namespace jobrun::store
