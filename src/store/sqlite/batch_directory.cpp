// Changes of the directory: clients, numbers, and what is remembered of phones. Every refusal is found before
// anything is written, so that it leaves the batch as it was.
#include "sqlite/batch.hpp"

namespace jobrun::store {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += ',';
    text += word;
  }
  return text;
}

std::string spelt(ClientId client) {
  return std::to_string(client.value);
}

std::unexpected<Error> no_such_client(ClientId client) {
  return failure(ErrorKind::not_found,
                 "there is no client " + spelt(client) + "; `jobrun clients list` shows all");
}

}  // namespace

DirectoryStatements::DirectoryStatements(SQLite::Database& database)
    : client_exists(database, "SELECT 1 FROM clients WHERE id = ? AND removed_at IS NULL"),
      client_of_own_number(database,
                           "SELECT id FROM clients WHERE own_number = ? AND own_number IS NOT NULL "
                           "AND removed_at IS NULL"),
      add_client(database,
                 "INSERT INTO clients (name, owner_phone, own_number, paused, cool_down_ms, countries, "
                 "texts_per_day, alert_by, owner_email, awaits_test_call, created_at, settings) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      set_client(database,
                 "UPDATE clients SET name = ?2, owner_phone = ?3, own_number = ?4, paused = ?5, "
                 "cool_down_ms = ?6, countries = ?7, texts_per_day = ?8, alert_by = ?9, owner_email = ?10, "
                 "awaits_test_call = ?11, settings = ?12 WHERE id = ?1"),
      remove_client(database, "UPDATE clients SET removed_at = ?2 WHERE id = ?1"),
      number_of_client(database, "SELECT number FROM numbers WHERE client = ? AND client IS NOT NULL LIMIT 1"),
      count_numbers_of_client(database, "SELECT COUNT(*) FROM numbers WHERE client = ? AND client IS NOT NULL"),
      find_number(database, "SELECT 1 FROM numbers WHERE number = ?"),
      add_number(database, "INSERT INTO numbers (number, role, client, is_available) VALUES (?, ?, ?, ?)"),
      assign_number(database, "UPDATE numbers SET role = ?2, client = ?3, is_available = ?4 WHERE number = ?1"),
      remove_number(database, "DELETE FROM numbers WHERE number = ?"),
      find_fact(database, find_facts),
      set_fact(database,
               "INSERT INTO phone_facts (phone, scope, opted_out, blocked, do_not_text, landline) "
               "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET opted_out = excluded.opted_out, "
               "blocked = excluded.blocked, do_not_text = excluded.do_not_text, "
               "landline = excluded.landline"),
      remove_fact(database, "DELETE FROM phone_facts WHERE phone = ? AND scope = ?"),
      next_version(database, "UPDATE directory_version SET version = version + 1") {}

std::int64_t scope_of(const FactScope& scope) {
  switch (scope.kind) {
    case FactScope::Kind::client:
      return scope.client ? scope.client->value : 0;
    case FactScope::Kind::failsafe:
      return -1;
    case FactScope::Kind::everybody:
      return 0;
  }
  return 0;
}

FactScope scope_of_row(std::int64_t scope) {
  if (scope > 0) return {FactScope::Kind::client, ClientId{scope}};
  return {scope < 0 ? FactScope::Kind::failsafe : FactScope::Kind::everybody, std::nullopt};
}

PhoneFacts SqliteBatch::phone_facts(const FactScope& scope, E164 phone) {
  const Step step(*this);
  return facts_in(writer_.directory.find_fact, scope, phone);
}

PhoneFacts facts_in(Statement& find_facts_statement, const FactScope& scope, E164 phone) {
  PhoneFacts facts;
  const std::int64_t own = scope_of(scope);
  const auto add_all = [&](std::int64_t first, std::int64_t last) {
    Rows rows = find_facts_statement.query(phone, first, last);
    int found = 0;
    for (; rows.next(); ++found) {
      if (rows.integer(4) != own && rows.integer(4) != 0) continue;
      facts.opted_out |= rows.flag(0);
      facts.blocked |= rows.flag(1);
      facts.do_not_text |= rows.flag(2);
      facts.landline |= rows.flag(3);
    }
    return found;
  };
  // Nearly always nothing, or a fact or two, is known of a phone: one look finds them. Only of a phone of which
  // many clients have told something are the two scopes asked for by name.
  if (add_all(-1, INT64_MAX) == facts_page) {
    add_all(own, own);
    add_all(0, 0);
  }
  return facts;
}

Result<std::optional<ClientId>> SqliteBatch::change_directory(const DirectoryChange& change, Instant now) {
  const Step step(*this);
  return std::visit([&](const auto& kind) { return apply(kind, now); }, change);
}

Result<void> SqliteBatch::check_profile(const ClientProfile& profile, std::optional<ClientId> self) {
  if (profile.name.empty()) return invalid("a client needs a name: the one its customers know it by");
  if (profile.owner_email.size() > email_bytes_max) {
    return invalid("the owner's e-mail address is longer than " + std::to_string(email_bytes_max) + " bytes");
  }
  if (profile.alert_by != AlertBy::text && profile.owner_email.empty()) {
    return invalid("an owner who is to be alerted by " + std::string(name_of(profile.alert_by)) +
                   " needs an e-mail address");
  }
  if (!profile.own_number) return {};
  const std::string number = profile.own_number->text();
  if (writer_.directory.find_number.query(*profile.own_number).next()) {
    return failure(ErrorKind::conflict, number +
                                            " is in the number pool, so it cannot also be a client's own "
                                            "number; assign it to the client with `jobrun numbers assign`, or "
                                            "remove it from the pool first");
  }
  Rows rows = writer_.directory.client_of_own_number.query(*profile.own_number);
  if (rows.next() && ClientId{rows.integer(0)} != self) {
    return failure(ErrorKind::conflict, number + " is already the own number of client " +
                                            spelt(ClientId{rows.integer(0)}) +
                                            "; change or remove that one first");
  }
  return {};
}

Result<void> SqliteBatch::check_number(const PoolNumber& number) {
  if (number.is_available && (number.role != NumberRole::system || number.client)) {
    return invalid(number.number.text() +
                   " can wait for an owner who signs up only with the role system and without a client; it gets "
                   "both when it is given to him");
  }
  if (!number.client) return {};
  if (number.role != NumberRole::operational) {
    return invalid("only an operational number belongs to a client; " + number.number.text() + " is to be " +
                   std::string(name_of(number.role)) + ", so leave the client out");
  }
  if (!writer_.directory.client_exists.query(*number.client).next()) return no_such_client(*number.client);
  return {};
}

Result<std::optional<ClientId>> SqliteBatch::apply(const AddClient& change, Instant now) {
  const ClientProfile& profile = change.profile;
  if (const Result<void> checked = check_profile(profile, std::nullopt); !checked) {
    return std::unexpected(checked.error());
  }
  touch();
  const std::string countries = joined(profile.countries);
  const ClientId client{writer_.directory.add_client.insert(
      profile.name, profile.owner_phone, profile.own_number, profile.paused, profile.cool_down, countries,
      profile.texts_per_day, profile.alert_by, profile.owner_email, profile.awaits_test_call, now,
      to_text(profile.settings))};
  writer_.directory.next_version.run();
  return client;
}

Result<std::optional<ClientId>> SqliteBatch::apply(const SetClient& change, Instant) {
  const ClientProfile& profile = change.profile;
  if (!writer_.directory.client_exists.query(profile.id).next()) return no_such_client(profile.id);
  if (const Result<void> checked = check_profile(profile, profile.id); !checked) {
    return std::unexpected(checked.error());
  }
  touch();
  const std::string countries = joined(profile.countries);
  writer_.directory.set_client.run(profile.id, profile.name, profile.owner_phone, profile.own_number,
                                   profile.paused, profile.cool_down, countries, profile.texts_per_day,
                                   profile.alert_by, profile.owner_email, profile.awaits_test_call,
                                   to_text(profile.settings));
  writer_.directory.next_version.run();
  return std::nullopt;
}

Result<std::optional<ClientId>> SqliteBatch::apply(const RemoveClient& change, Instant now) {
  if (!writer_.directory.client_exists.query(change.client).next()) return no_such_client(change.client);
  Rows numbers = writer_.directory.number_of_client.query(change.client);
  if (numbers.next()) {
    Rows counted = writer_.directory.count_numbers_of_client.query(change.client);
    const std::string count = counted.next() ? counted.string(0) : "some";
    return failure(ErrorKind::conflict, "client " + spelt(change.client) + " still has numbers of the pool (" +
                                            count + ", for example " + numbers.phone(0).text() +
                                            "); assign them elsewhere or remove them first");
  }
  touch();
  writer_.directory.remove_client.run(change.client, now);
  writer_.directory.next_version.run();
  return std::nullopt;
}

Result<std::optional<ClientId>> SqliteBatch::apply(const AddNumber& change, Instant) {
  const PoolNumber& number = change.number;
  if (writer_.directory.find_number.query(number.number).next()) {
    return failure(
        ErrorKind::conflict,
        number.number.text() + " is in the number pool already; change it with `jobrun numbers assign`");
  }
  {
    Rows rows = writer_.directory.client_of_own_number.query(number.number);
    if (rows.next()) {
      return failure(ErrorKind::conflict, number.number.text() + " is the own number of client " +
                                              spelt(ClientId{rows.integer(0)}) +
                                              "; it needs no place in the pool, or take it from the client first");
    }
  }
  if (const Result<void> checked = check_number(number); !checked) return std::unexpected(checked.error());
  touch();
  writer_.directory.add_number.run(number.number, number.role, number.client, number.is_available);
  writer_.directory.next_version.run();
  return std::nullopt;
}

Result<std::optional<ClientId>> SqliteBatch::apply(const AssignNumber& change, Instant) {
  const PoolNumber& number = change.number;
  if (!writer_.directory.find_number.query(number.number).next()) {
    return failure(ErrorKind::not_found,
                   number.number.text() + " is not in the number pool; add it with `jobrun numbers add`");
  }
  if (const Result<void> checked = check_number(number); !checked) return std::unexpected(checked.error());
  touch();
  writer_.directory.assign_number.run(number.number, number.role, number.client, number.is_available);
  writer_.directory.next_version.run();
  return std::nullopt;
}

Result<std::optional<ClientId>> SqliteBatch::apply(const RemoveNumber& change, Instant) {
  if (!writer_.directory.find_number.query(change.number).next()) {
    return failure(ErrorKind::not_found,
                   change.number.text() + " is not in the number pool; `jobrun numbers list` shows what is");
  }
  touch();
  writer_.directory.remove_number.run(change.number);
  writer_.directory.next_version.run();
  return std::nullopt;
}

Result<std::optional<ClientId>> SqliteBatch::apply(const SetPhoneFact& change, Instant) {
  if (change.scope.kind == FactScope::Kind::client) {
    if (!change.scope.client) return invalid("a fact of a client needs to say of which");
    if (!writer_.directory.client_exists.query(*change.scope.client).next()) {
      return no_such_client(*change.scope.client);
    }
  }
  set_fact(change);
  return std::nullopt;
}

void SqliteBatch::set_fact(const SetPhoneFact& change) {
  const std::int64_t scope = scope_of(change.scope);
  PhoneFacts facts;
  {
    Rows rows = writer_.directory.find_fact.query(change.phone, scope, scope);
    if (rows.next()) facts = {rows.flag(0), rows.flag(1), rows.flag(2), rows.flag(3)};
  }
  field_of(facts, change.fact) = change.holds;
  touch();
  if (facts.opted_out || facts.blocked || facts.do_not_text || facts.landline) {
    writer_.directory.set_fact.run(change.phone, scope, facts.opted_out, facts.blocked, facts.do_not_text,
                                   facts.landline);
  } else {
    writer_.directory.remove_fact.run(change.phone, scope);
  }
}

}  // namespace jobrun::store
