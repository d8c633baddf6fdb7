#include "store/guard.hpp"

#include <algorithm>
#include <utility>

#include "base/rare_path.hpp"
#include "spool/fields.hpp"
#include "spool/record_codec.hpp"
#include "spool/records.hpp"

namespace jobrun::store {
namespace {

using nlohmann::json;

/// Longer than any limit that is counted by the day. Cool-downs beyond it end with it while the database is away.
constexpr Duration remembered_for = std::chrono::hours{48};
/// Beyond this the file is written anew once it has doubled.
constexpr std::int64_t grows_by_at_least = 1 << 20;

bool is_first_text(const GuardedPromise& promise) {
  return promise.id.purpose == Purpose::customer_intake || promise.id.purpose == Purpose::failsafe;
}

std::int64_t key_of(const FactScope& scope) {
  if (scope.client) return scope.client->value;
  return scope.kind == FactScope::Kind::failsafe ? -1 : 0;
}

FactScope scope_of_key(std::int64_t key) {
  if (key > 0) return {FactScope::Kind::client, ClientId{key}};
  return {key < 0 ? FactScope::Kind::failsafe : FactScope::Kind::everybody, std::nullopt};
}

bool& field_of(PhoneFacts& facts, PhoneFact fact) {
  switch (fact) {
    case PhoneFact::opted_out:
      return facts.opted_out;
    case PhoneFact::blocked:
      return facts.blocked;
    case PhoneFact::do_not_text:
      return facts.do_not_text;
    case PhoneFact::landline:
      break;
  }
  return facts.landline;
}

struct NoteToJson {
  json operator()(const GuardedPromise& promise) const {
    json object{{"note", "promise"},
                {"id", promise.id.text()},
                {"caller", promise.pair.caller.digits()},
                {"number", promise.pair.number.digits()},
                {"country", promise.country},
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

GuardNote note_from_json(const json& object) {
  const auto note = object.at("note").get<std::string>();
  if (note == "promise") {
    return GuardedPromise{.id = text_id_in(object, "id"),
                          .pair = {certain_phone_in(object, "caller"), certain_phone_in(object, "number")},
                          .client = client_in(object),
                          .country = object.at("country").get<std::string>(),
                          .at = instant_in(object, "at").value_or(Instant{})};
  }
  if (note == "fact") return fact_from_json(object.at("fact"));
  if (note == "blocked") return blocked_from_json(object.at("blocked"));
  if (note == "unblocked") return UnblockSender{certain_phone_in(object, "sender")};
  throw std::invalid_argument("an unknown note");
}

struct MuteLog final : Log {
  void write(const LogLine&) override {}
};

}  // namespace

Guard::Guard(SpoolFiles& files, std::string name, Log& log) : files_(files), name_(std::move(name)), log_(log) {}

// --- what it knows --------------------------------------------------------------------------------

void Guard::learn(const GuardNote& note) {
  std::visit([this](const auto& one) { learn(one); }, note);
}

/// One that is known was promised while the database was away, and that has it now.
void Guard::learn(const GuardedPromise& promise) {
  std::vector<GuardedPromise>& of_pair = promises_[promise.pair];
  if (!promised_.insert_or_assign(promise.id.text(), promise.at).second) {
    const auto known = std::ranges::find(of_pair, promise.id, &GuardedPromise::id);
    if (known != of_pair.end()) known->at = promise.at;
    return;
  }
  of_pair.push_back(promise);
  if (!is_first_text(promise)) return;
  const std::int64_t day = utc_day(promise.at);
  ++counts_[{day, 0, ""}];
  if (promise.client) ++counts_[{day, promise.client->value, ""}];
  if (!promise.country.empty()) ++counts_[{day, 0, promise.country}];
}

void Guard::learn(const SetPhoneFact& fact) {
  const FactKey key{key_of(fact.scope), fact.phone};
  PhoneFacts& facts = facts_[key];
  field_of(facts, fact.fact) = fact.holds;
  if (!facts.opted_out && !facts.blocked && !facts.do_not_text && !facts.landline) facts_.erase(key);
}

void Guard::learn(const BlockedSender& blocked) {
  const auto known = std::ranges::find(blocked_, blocked.way, &BlockedSender::way);
  if (known == blocked_.end()) blocked_.push_back(blocked);
}

void Guard::learn(const UnblockSender& unblocked) {
  std::erase_if(blocked_, [&](const BlockedSender& one) { return one.way.sender == unblocked.sender; });
}

void Guard::clear() {
  facts_.clear();
  blocked_.clear();
  promises_.clear();
  promised_.clear();
  counts_.clear();
}

void Guard::forget_before(Instant time) {
  std::erase_if(promised_, [time](const auto& entry) { return entry.second < time; });
  for (auto& [pair, promises] : promises_) {
    std::erase_if(promises, [time](const GuardedPromise& promise) { return promise.at < time; });
  }
  std::erase_if(promises_, [](const auto& entry) { return entry.second.empty(); });
  std::erase_if(counts_, [time](const auto& entry) { return std::get<0>(entry.first) < utc_day(time); });
}

void Guard::read_from(StoreReader& reader, const CountryOf& country_of, Instant now) {
  const std::lock_guard lock(mutex_);
  clear();
  is_whole_ = false;
  reader.each_phone_fact([this](const SetPhoneFact& fact) { learn(fact); });
  for (const BlockedSender& blocked : reader.blocked_senders()) learn(blocked);
  std::vector<GuardedPromise> newest_first;
  reader.each_text_since(now - remembered_for, [&](const TextRecord& text) {
    newest_first.push_back({text.promise.id, text.promise.pair, text.promise.client,
                            country_of(text.promise.pair.caller), text.promised_at});
  });
  for (auto promise = newest_first.rbegin(); promise != newest_first.rend(); ++promise) learn(*promise);
  is_whole_ = true;
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
    const auto found = facts_.find({key, phone});
    if (found == facts_.end()) continue;
    all.opted_out |= found->second.opted_out;
    all.blocked |= found->second.blocked;
    all.do_not_text |= found->second.do_not_text;
    all.landline |= found->second.landline;
  }
  return all;
}

std::optional<Instant> Guard::last_first_text(const CallerPair& pair) const {
  const std::lock_guard lock(mutex_);
  const auto found = promises_.find(pair);
  if (found == promises_.end()) return std::nullopt;
  const auto newest = std::find_if(found->second.rbegin(), found->second.rend(), is_first_text);
  return newest == found->second.rend() ? std::nullopt : std::optional(newest->at);
}

std::int64_t Guard::texts_since(const CallerPair& pair, Instant since) const {
  const std::lock_guard lock(mutex_);
  const auto found = promises_.find(pair);
  if (found == promises_.end()) return 0;
  return std::ranges::count_if(found->second,
                               [since](const GuardedPromise& promise) { return promise.at >= since; });
}

TextCounts Guard::texts_on_day(std::optional<ClientId> client, std::string_view country,
                               std::int64_t utc_day) const {
  const std::lock_guard lock(mutex_);
  const auto count = [&](std::int64_t whose, std::string_view of_country) {
    const auto found = counts_.find({utc_day, whose, std::string(of_country)});
    return found == counts_.end() ? 0 : found->second;
  };
  return {.client = client ? count(client->value, "") : 0,
          .country = country.empty() ? 0 : count(0, country),
          .service = count(0, "")};
}

bool Guard::is_sender_blocked(const Way& way) const {
  const std::lock_guard lock(mutex_);
  return std::ranges::find(blocked_, way, &BlockedSender::way) != blocked_.end();
}

bool Guard::has_promised(const TextId& id) const {
  const std::lock_guard lock(mutex_);
  return promised_.contains(id.text());
}

// --- the file -------------------------------------------------------------------------------------

void Guard::add(const std::vector<GuardNote>& notes) {
  if (notes.empty()) return;
  const std::lock_guard lock(mutex_);
  std::string bytes;
  for (const GuardNote& note : notes) {
    learn(note);
    bytes += encoded(std::visit(NoteToJson{}, note));
  }
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
  const std::lock_guard lock(mutex_);
  const bool has_grown = bytes_ > grows_by_at_least + 2 * bytes_as_new_;
  if (!is_whole_ || (is_file_good_ && !has_grown)) return;
  forget_before(now - remembered_for);
  if (Result<void> written = write_anew(); !written) file_failed(written.error());
}

Result<void> Guard::write_anew() {
  std::string bytes = heading();
  for (const auto& [key, facts] : facts_) {
    PhoneFacts held = facts;
    for (const auto& [fact, word] : NamesOf<PhoneFact>::rows) {
      if (!field_of(held, fact)) continue;
      bytes += encoded(NoteToJson{}(SetPhoneFact{scope_of_key(key.scope), key.phone, fact, true}));
    }
  }
  for (const BlockedSender& blocked : blocked_) bytes += encoded(NoteToJson{}(blocked));
  for (const auto& [pair, promises] : promises_) {
    for (const GuardedPromise& promise : promises) bytes += encoded(NoteToJson{}(promise));
  }
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

bool Guard::read_file() {
  const std::lock_guard lock(mutex_);
  if (!learn_file()) return false;
  // A torn end is nothing to append to.
  if (Result<void> written = write_anew(); !written) file_failed(written.error());
  return true;
}

Result<void> Guard::check_file(SpoolFiles& files, const std::string& name) {
  MuteLog log;
  return Guard(files, name, log).learn_file();
}

/// A record that a crash tore off at the end was of a batch that nobody has been told of.
Result<void> Guard::learn_file() {
  clear();
  is_whole_ = false;
  const Result<std::string> bytes = files_.read(name_);
  if (!bytes) return std::unexpected(bytes.error());
  const auto damaged = [this] { return invalid("the guard's file " + name_ + " is damaged"); };
  const Scan found = scan(*bytes);
  const bool is_torn_at_end_only = found.damaged == 0 || (found.damaged == 1 && found.is_end_damaged);
  if (!is_torn_at_end_only || found.payloads.empty()) return damaged();
  try {
    bool is_first = true;
    for (const std::string_view payload : found.payloads) {
      const json object = json::from_cbor(payload.begin(), payload.end());
      if (std::exchange(is_first, false)) {
        if (!is_heading(object)) return damaged();
        continue;
      }
      learn(note_from_json(object));
    }
  } catch (const std::exception&) {
    clear();
    return damaged();
  }
  is_whole_ = true;
  return {};
}

}  // namespace jobrun::store
