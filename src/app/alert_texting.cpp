#include "alert_texting.hpp"

#include <algorithm>
#include <utility>

namespace jobrun::app {

AlertTexting::AlertTexting(Ports ports, AlertTextingOptions options)
    : ports_(std::move(ports)),
      options_(options),
      exit_({.carrier = ports_.carrier,
             .numbering_plan = ports_.numbering_plan,
             .meter = ports_.meter,
             .log = ports_.log,
             .is_ours = [this](E164 phone) { return ports_.directory.current()->is_ours(phone); },
             .phone_facts = [this](const FactScope& scope, E164 phone) { return phone_facts(scope, phone); },
             .is_blocked = [this](const Way& way) { return is_blocked(way); },
             .learn = [this](const SetPhoneFact& fact) { learn(fact); }}),
      channel_({.owner = [this](const AlertRequest& alert) { return owner_of(alert); },
                .operator_ = {options_.operator_phone,
                              {FactScope::Kind::failsafe, std::nullopt},
                              ways_from(std::nullopt)},
                .why_not =
                    [this](const alert::Contact& contact) { return exit_.why_not(contact.scope, contact.phone); },
                .send =
                    [this](alert::Contact contact, std::string id, std::string body, AlertChannel::Done done) {
                      exit_.send({.id = std::move(id),
                                  .recipient = contact.phone,
                                  .scope = contact.scope,
                                  .ways = std::move(contact.ways),
                                  .body = std::move(body)},
                                 std::move(done));
                    }}) {}

/// From the number that was called, where that is the client's: a reply then reaches the service.
std::optional<alert::KnownOwner> AlertTexting::owner_of(const AlertRequest& alert) const {
  if (!alert.client) return std::nullopt;
  const auto snapshot = ports_.directory.current();
  const ClientProfile* client = snapshot->client(*alert.client);
  if (client == nullptr) return std::nullopt;
  std::optional<E164> number;
  if (const Result<E164> called = E164::parse(alert.number)) {
    const directory::Resolution resolved = snapshot->resolve(*called);
    if (resolved.client != nullptr && resolved.client->id == client->id) number = *called;
  }
  alert::KnownOwner owner{
      .phones = {},
      .ways = alert::ways_of_owner(*client, alert.kind, {.email = options_.is_email_set_up, .text = true})};
  const auto add = [&](E164 phone) {
    if (std::ranges::find(owner.phones, phone, &alert::Contact::phone) == owner.phones.end())
      owner.phones.push_back({phone, FactScope::of(client->id), ways_from(number)});
  };
  add(client->owner_phone);
  std::ranges::for_each(client->settings.more_owner_phones, add);
  return owner;
}

std::vector<Way> AlertTexting::ways_from(std::optional<E164> number_called) const {
  std::vector<Way> ways;
  if (number_called) ways.push_back({Account::first, *number_called});
  if (number_called != options_.failsafe_sender) ways.push_back({Account::first, options_.failsafe_sender});
  if (options_.second_sender) ways.push_back({Account::second, *options_.second_sender});
  return ways;
}

Result<PhoneFacts> AlertTexting::phone_facts(const FactScope& scope, E164 phone) {
  const std::lock_guard lock(reader_mutex_);
  try {
    return ports_.reader->phone_facts(scope, phone);
  } catch (const StoreFailure& failed) {
    return failure(ErrorKind::unavailable, failed.message);
  }
}

/// Should it not be kept, the next refusal teaches it again.
void AlertTexting::learn(const SetPhoneFact& fact) {
  ports_.journal.submit({.write = [fact](StoreBatch& batch, Instant now) -> Result<void> {
                           const auto changed = batch.change_directory(fact, now);
                           return changed ? Result<void>{} : std::unexpected(changed.error());
                         },
                         .done = [](const Result<void>&) {}});
}

/// While it cannot be read, the carrier refuses what it has blocked.
bool AlertTexting::is_blocked(const Way& way) {
  const std::lock_guard lock(reader_mutex_);
  try {
    const std::vector<BlockedSender> blocked = ports_.reader->blocked_senders();
    return std::ranges::find(blocked, way, &BlockedSender::way) != blocked.end();
  } catch (const StoreFailure&) {
    return false;
  }
}

}  // namespace jobrun::app
