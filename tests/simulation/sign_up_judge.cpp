#include "sign_up_judge.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "rows.hpp"

namespace jobrun::simulation {
namespace {

constexpr const char* waiting_owners =
    "SELECT owner_phone FROM onboarding_states WHERE step = 'number_allocation' AND number IS NULL "
    "AND json_extract(state, '$.state.is_approved') = 1 AND json_extract(state, '$.state.is_stopped') = 0 ";

std::string text_of(std::int64_t phone) {
  return E164::from_digits(static_cast<std::uint64_t>(phone)).text();
}

}  // namespace

void SignUpJudge::must_be_none(const std::string& sql, const std::string& rule) {
  Rows rows(around_.process.look(sql));
  if (rows.next()) around_.truth.violate(rule + ": " + rows.word(0));
}

std::map<std::int64_t, SignUpJudge::Row> SignUpJudge::read() {
  Rows rows(
      around_.process.look("SELECT owner_phone, step, state, COALESCE(number, 0), COALESCE(client, 0), "
                           "waiting_since IS NOT NULL FROM onboarding_states"));
  std::map<std::int64_t, Row> found;
  while (rows.next()) {
    found[rows.number(0)] = {rows.word(1), rows.word(2), rows.number(3), rows.number(4), rows.number(5) != 0};
  }
  return found;
}

/// To a number where owners sign up, since the last look; as people know it, whatever it was taken for.
std::set<std::int64_t> SignUpJudge::who_has_texted() {
  SQLite::Statement& statement = around_.process.look("SELECT id, message_sid FROM inbound_texts WHERE id > ?1");
  statement.bind(1, last_inbound_);
  Rows rows(statement);
  std::set<std::int64_t> phones;
  while (rows.next()) {
    last_inbound_ = std::max(last_inbound_, rows.number(0));
    const InboundTruth& text = around_.truth.inbound.at(rows.word(1));
    if (text.is_to_sign_up) phones.insert(static_cast<std::int64_t>(E164::parse(text.phone)->digits()));
  }
  return phones;
}

void SignUpJudge::at_start() {
  store_failures_ = around_.process.meter().of(Metric::store_failures);
  last_inbound_ = 0;
  static_cast<void>(who_has_texted());
  known_ = read();
}

/// A batch that failed may have been seen and be gone: then one begins anew.
void SignUpJudge::after_change() {
  const double failures = around_.process.meter().of(Metric::store_failures);
  if (std::exchange(store_failures_, failures) != failures) return at_start();
  const std::set<std::int64_t> texted = who_has_texted();
  std::map<std::int64_t, Row> now = read();
  for (const auto& [owner, before] : known_) {
    if (!now.contains(owner)) around_.truth.violate("a sign-up is gone: " + text_of(owner));
  }
  for (const auto& [owner, row] : now) {
    const Row before = known_.contains(owner) ? known_.at(owner) : Row{};
    if (row != before) check_change(owner, before, row, texted.contains(owner));
  }
  known_ = std::move(now);
}

void SignUpJudge::check_change(std::int64_t owner, const Row& before, const Row& now, bool has_texted) {
  if (before.number != 0 && (now.number != before.number || now.client != before.client)) {
    around_.truth.violate("an owner lost his number: " + text_of(owner));
  }
  const bool is_number_arriving = before.is_waiting && before.number == 0 && now.number != 0;
  const bool is_approval = before.step == "number_allocation" && around_.truth.approved.contains(text_of(owner));
  if (has_texted || is_number_arriving || is_approval) return;
  around_.truth.violate("a call changed an onboarding state: that of " + text_of(owner));
}

void SignUpJudge::check() {
  must_be_none("SELECT number FROM onboarding_states WHERE number IS NOT NULL GROUP BY number HAVING COUNT(*) > 1",
               "a number given to two owners");
  must_be_none("SELECT client FROM onboarding_states WHERE client IS NOT NULL GROUP BY client HAVING COUNT(*) > 1",
               "a business of two owners");
  must_be_none(
      "SELECT owner_phone FROM onboarding_states WHERE (number IS NULL) <> (client IS NULL) OR (number IS NOT "
      "NULL "
      "AND NOT EXISTS (SELECT 1 FROM numbers WHERE numbers.number = onboarding_states.number AND role = "
      "'operational' AND numbers.client = onboarding_states.client AND is_available = 0))",
      "an owner whose number is not that of his business");
  must_be_none("SELECT id FROM clients WHERE id > " + std::to_string(around_.town.clients.size()) +
                   " AND NOT EXISTS (SELECT 1 FROM onboarding_states WHERE client = clients.id AND owner_phone = "
                   "clients.owner_phone)",
               "a business that nobody has signed up");
  for (const PoolNumber& number : around_.town.pool) {
    const std::string client = number.client ? std::to_string(number.client->value) : "NULL";
    must_be_none(
        "SELECT " + std::to_string(number.number.digits()) +
            " WHERE NOT EXISTS (SELECT 1 FROM numbers WHERE number = " + std::to_string(number.number.digits()) +
            " AND role = '" + std::string(name_of(number.role)) + "' AND client IS " + client + ")",
        "somebody's number was given away");
  }
  must_be_none(
      "SELECT COALESCE(cause, call) FROM texts WHERE purpose = 'onboarding' AND (call IS NOT NULL OR origin NOT "
      "IN "
      "('text', 'command', 'time') OR client IS NOT NULL)",
      "an onboarding text that belongs to a call");
  must_be_none(
      "SELECT call_sid FROM texts JOIN calls ON calls.id = call JOIN clients ON clients.id = texts.client "
      "WHERE purpose = 'customer_intake' AND (instr(body, clients.name) = 0 OR calls.client <> texts.client)",
      "an intake text without the business's name");
  must_be_none(
      "SELECT call_sid FROM texts JOIN calls ON calls.id = call JOIN clients ON clients.id = texts.client "
      "WHERE purpose = 'customer_intake' AND texts.caller = clients.owner_phone",
      "an intake text to the owner");
}

void SignUpJudge::at_the_end() {
  must_be_none(std::string(waiting_owners) + "AND EXISTS (SELECT 1 FROM numbers WHERE is_available = 1)",
               "an owner waits for a number although one waits for an owner");
  must_be_none(std::string(waiting_owners) + "AND waiting_since IS NULL",
               "an owner is to get a number and nobody knows that he waits");
  must_be_none(
      "SELECT cause FROM texts WHERE purpose = 'onboarding' AND state = 'refused' AND code IS NOT 21610 "
      "AND NOT EXISTS (SELECT 1 FROM alerts WHERE alerts.id = texts.alert)",
      "an owner's answer was refused, and nobody was told");
  check_answers();
  check_numbers_told();
}

/// Every text to a number where owners sign up is answered once, or the operator knows why not.
void SignUpJudge::check_answers() {
  SQLite::Statement& find = around_.process.look(
      "SELECT role, taken_as, (SELECT COUNT(*) FROM texts WHERE inbound_text = inbound_texts.id AND purpose = "
      "'onboarding') FROM inbound_texts WHERE message_sid = ?1");
  for (const auto& [sid, text] : around_.truth.inbound) {
    if (!text.is_to_sign_up) continue;
    find.bind(1, sid);
    Rows rows(find);
    if (!rows.next()) continue;  // whether it may be missing is looked at elsewhere
    const std::string taken_as = rows.word(1);
    const std::string expected = text.is_out ? "opt_out" : text.is_in ? "opt_in" : "onboarding";
    if (rows.word(0) != "onboarding" || taken_as != expected) {
      around_.truth.violate("a text to the sign-up number, taken for something else: " + sid);
    }
    const std::int64_t answers = rows.number(2);
    if (answers > 1 || (answers == 1 && text.is_out)) {
      around_.truth.violate("an owner's text answered more often than it is to be: " + sid);
    }
    if (answers == 0 && !text.is_out) check_answer(sid, text.phone, text.number);
  }
}

/// There is none: who has opted out gets none, and of everybody else the operator has been told.
void SignUpJudge::check_answer(const std::string& message_sid, const std::string& phone, E164 number) {
  const auto has_left = [&](const auto& entry) { return entry.second.phone == phone && entry.second.is_out; };
  if (std::ranges::any_of(around_.truth.inbound, has_left)) return;
  if (around_.town.opted_out.contains(E164::parse(phone).value())) return;
  SQLite::Statement& find = around_.process.look(
      "SELECT group_name FROM alerts WHERE kind = 'onboarding_attention' AND caller = ?1 AND accepted_at IS NOT "
      "NULL");
  find.bind(1, phone);
  Rows rows(find);
  while (rows.next()) {
    const std::string group = rows.word(0);
    if (is_reason(group.substr(group.find(' ') + 1), phone, number)) return;
  }
  around_.truth.violate("an owner's text that is not answered, and nobody was told: " + message_sid);
}

bool SignUpJudge::is_reason(const std::string& row, const std::string& phone, E164 number) {
  Town town = around_.town;  // a port's functions change it, as far as anybody knows
  const E164 owner = E164::parse(phone).value();
  if (row == "landline") return town.landlines.contains(owner) || town.not_mobile.contains(owner);
  if (row == "no_sender")
    return town.senders_unregistered.contains(number) || town.senders_refused.contains(number);
  if (row == "country_not_allowed") {
    return town.country_of(owner) != town.country_of(number) || !town.policy.countries.empty();
  }
  if (row == "cost_guard")
    return town.policy.texts_per_day < 100 || !town.policy.texts_per_country_and_day.empty();
  if (row != "loop_breaker") return false;
  SQLite::Statement& count = around_.process.look("SELECT COUNT(*) FROM texts WHERE caller = ?1 AND number = ?2");
  count.bind(1, static_cast<std::int64_t>(owner.digits()));
  count.bind(2, static_cast<std::int64_t>(number.digits()));
  Rows rows(count);
  return rows.next() && rows.number(0) >= town.policy.loop_texts_max;
}

/// What an owner has been told to be his number is his.
void SignUpJudge::check_numbers_told() {
  SQLite::Statement& find =
      around_.process.look("SELECT 1 FROM onboarding_states WHERE owner_phone = ?1 AND number = ?2");
  for (const auto& [phone, sign_up] : around_.truth.sign_ups) {
    for (const E164 number : sign_up.numbers) {
      find.bind(1, static_cast<std::int64_t>(E164::parse(phone)->digits()));
      find.bind(2, static_cast<std::int64_t>(number.digits()));
      Rows rows(find);
      if (!rows.next()) around_.truth.violate("an owner was told of a number that is not his: " + phone);
    }
  }
}

}  // namespace jobrun::simulation
