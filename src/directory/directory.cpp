#include "directory/directory.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

namespace jobrun::directory {
namespace {

// --- the file: magic, sha-256 of the rest, version, clients, numbers; integers little-endian ------

constexpr std::string_view magic = "JobRunDirectory3";
/// Of files without what clients set for themselves.
constexpr std::string_view magic_before = "JobRunDirectory2";
static_assert(magic.size() == magic_before.size());
constexpr std::size_t digest_size = 32;

std::string sha256(std::string_view data) {
  std::string digest(digest_size, '\0');
  EVP_Digest(data.data(), data.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_sha256(),
             nullptr);
  return digest;
}

class Writer {
 public:
  void number(std::uint64_t value) {
    for (int i = 0; i < 8; ++i) data.push_back(static_cast<char>((value >> (8 * i)) & 0xFFU));
  }
  void text(std::string_view value) {
    number(value.size());
    data.append(value);
  }
  void maybe(bool present, std::uint64_t value) {
    number(present ? 1 : 0);
    number(value);
  }
  std::string data;
};

/// Reads what Writer wrote; after any error every read gives 0 and ok() is false.
class Reader {
 public:
  explicit Reader(std::string_view data) : left_(data) {}
  std::uint64_t number() {
    if (left_.size() < 8) return fail();
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i)
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(left_[i])) << (8 * i);
    left_.remove_prefix(8);
    return value;
  }
  std::string text() {
    const std::uint64_t size = number();
    if (size > left_.size()) {
      fail();
      return {};
    }
    std::string value(left_.substr(0, size));
    left_.remove_prefix(size);
    return value;
  }
  std::optional<std::uint64_t> maybe() {
    const bool present = number() == 1;
    const std::uint64_t value = number();
    return present ? std::optional(value) : std::nullopt;
  }
  /// How many items of at least `item_bytes` may still follow.
  std::uint64_t count(std::size_t item_bytes) {
    const std::uint64_t n = number();
    return n <= left_.size() / item_bytes ? n : fail();
  }
  bool at_end() const { return ok_ && left_.empty(); }

 private:
  std::uint64_t fail() {
    ok_ = false;
    left_ = {};
    return 0;
  }
  std::string_view left_;
  bool ok_ = true;
};

void write_client(Writer& out, const ClientProfile& client) {
  out.number(static_cast<std::uint64_t>(client.id.value));
  out.text(client.name);
  out.number(client.owner_phone.digits());
  out.maybe(client.own_number.has_value(), client.own_number ? client.own_number->digits() : 0);
  out.number(client.paused ? 1 : 0);
  out.maybe(client.cool_down.has_value(),
            client.cool_down ? static_cast<std::uint64_t>(client.cool_down->count()) : 0);
  out.number(client.countries.size());
  for (const std::string& country : client.countries) out.text(country);
  out.maybe(client.texts_per_day.has_value(), static_cast<std::uint64_t>(client.texts_per_day.value_or(0)));
  out.text(name_of(client.alert_by));
  out.text(client.owner_email);
  out.number(client.awaits_test_call ? 1 : 0);
  out.text(to_text(client.settings));
}

ClientProfile read_client(Reader& in, bool is_before) {
  ClientProfile client;
  client.id = {static_cast<std::int64_t>(in.number())};
  client.name = in.text();
  client.owner_phone = E164::from_digits(in.number());
  if (const auto digits = in.maybe()) client.own_number = E164::from_digits(*digits);
  client.paused = in.number() == 1;
  if (const auto ms = in.maybe()) client.cool_down = Duration{static_cast<std::int64_t>(*ms)};
  for (std::uint64_t n = in.count(8); n > 0; --n) client.countries.push_back(in.text());
  if (const auto limit = in.maybe()) client.texts_per_day = static_cast<std::int64_t>(*limit);
  client.alert_by = parse_name<AlertBy>(in.text()).value_or(AlertBy::text);
  client.owner_email = in.text();
  client.awaits_test_call = in.number() == 1;
  if (is_before) return client;
  client.settings = client_settings_from(in.text());
  return client;
}

std::unexpected<Error> file_error(const std::string& what, const std::string& path) {
  return failure(ErrorKind::unavailable,
                 what + " the directory snapshot " + path + ": " + std::generic_category().message(errno));
}

/// Writes, syncs and renames over; the directory is synced too, or the rename could be lost.
Result<void> replace_file(const std::string& path, std::string_view data) {
  const std::string fresh = path + ".new";
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return file_error("cannot create", fresh);
  std::string_view left = data;
  while (!left.empty()) {
    const ssize_t written = ::write(file, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      ::close(file);
      return file_error("cannot write", fresh);
    }
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  const bool synced = ::fsync(file) == 0;
  ::close(file);
  if (!synced) return file_error("cannot sync", fresh);
  if (::rename(fresh.c_str(), path.c_str()) != 0) return file_error("cannot replace", path);
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  if (const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); handle >= 0) {
    ::fsync(handle);
    ::close(handle);
  }
  return {};
}

}  // namespace

std::shared_ptr<const Snapshot> Snapshot::Builder::build(const ConfiguredNumbers& configured,
                                                         std::int64_t version) && {
  std::shared_ptr<Snapshot> snapshot(new Snapshot);
  snapshot->clients_ = std::move(clients_);
  std::ranges::sort(snapshot->clients_, {}, &ClientProfile::id);
  snapshot->configured_ = configured;
  snapshot->version_ = version;
  const std::size_t most = numbers_.size() + snapshot->clients_.size() + 1;
  snapshot->slots_.resize(std::bit_ceil(most + most / 3 + 1));

  // In resolution order: the first to claim a number keeps it.
  for (const PoolNumber& number : numbers_) {
    snapshot->insert(number.number, number.role, RoleSource::pool, snapshot->client_index(number.client));
  }
  for (std::uint32_t i = 0; i < snapshot->clients_.size(); ++i) {
    const std::optional<E164> own = snapshot->clients_[i].own_number;
    if (own) snapshot->insert(*own, NumberRole::operational, RoleSource::client_number, i);
  }
  if (configured.onboarding) {
    snapshot->insert(*configured.onboarding, NumberRole::onboarding, RoleSource::setting, no_client);
  }
  return snapshot;
}

void Snapshot::insert(E164 number, NumberRole role, RoleSource source, std::uint32_t client) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = std::hash<E164>{}(number)&mask;
  while (slots_[at].digits != 0 && slots_[at].digits != number.digits()) at = (at + 1) & mask;
  if (slots_[at].digits != 0) return;
  slots_[at] = {number.digits(), client, role, source};
  ++size_;
}

const Snapshot::Slot* Snapshot::find(E164 number) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = std::hash<E164>{}(number)&mask;
  while (slots_[at].digits != 0) {
    if (slots_[at].digits == number.digits()) return &slots_[at];
    at = (at + 1) & mask;
  }
  return nullptr;
}

std::uint32_t Snapshot::client_index(std::optional<ClientId> id) const {
  if (!id) return no_client;
  const auto found = std::ranges::lower_bound(clients_, *id, {}, &ClientProfile::id);
  const bool exists = found != clients_.end() && found->id == *id;
  return exists ? static_cast<std::uint32_t>(found - clients_.begin()) : no_client;
}

Resolution Snapshot::resolve(std::optional<E164> number) const {
  const Slot* slot = number ? find(*number) : nullptr;
  if (!slot) return {};
  return {slot->role, slot->source, slot->client == no_client ? nullptr : &clients_[slot->client]};
}

const ClientProfile* Snapshot::client(ClientId id) const {
  const std::uint32_t index = client_index(id);
  return index == no_client ? nullptr : &clients_[index];
}

bool Snapshot::is_ours(E164 number) const {
  return find(number) || number == configured_.failsafe_sender || number == configured_.second_sender;
}

std::string Snapshot::encode() const {
  Writer out;
  out.number(static_cast<std::uint64_t>(version_));
  out.number(clients_.size());
  for (const ClientProfile& client : clients_) write_client(out, client);
  const auto from_pool = [](const Slot& slot) { return slot.digits != 0 && slot.source == RoleSource::pool; };
  out.number(static_cast<std::uint64_t>(std::ranges::count_if(slots_, from_pool)));
  for (const Slot& slot : slots_) {
    if (!from_pool(slot)) continue;
    out.number(slot.digits);
    out.number((static_cast<std::uint64_t>(slot.role) << 32U) | slot.client);
  }
  return std::move(out.data);
}

Result<void> Snapshot::save(const std::string& path) const {
  const std::string content = encode();
  return replace_file(path, std::string(magic) + sha256(content) + content);
}

Result<std::shared_ptr<const Snapshot>> Snapshot::load(const std::string& path,
                                                       const ConfiguredNumbers& configured) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return file_error("cannot open", path);
  const std::string data{std::istreambuf_iterator<char>(file), {}};
  const auto damaged = [&path] {
    return failure(ErrorKind::invalid, "the directory snapshot " + path +
                                           " is damaged or not one of ours; it is written anew from the database");
  };
  const std::string_view all = data;
  const bool is_before = all.starts_with(magic_before);
  if (all.size() < magic.size() + digest_size || (!is_before && !all.starts_with(magic))) return damaged();
  const std::string_view content = all.substr(magic.size() + digest_size);
  if (all.substr(magic.size(), digest_size) != sha256(content)) return damaged();

  Reader in(content);
  Builder builder;
  const auto version = static_cast<std::int64_t>(in.number());
  std::vector<ClientId> ids;
  for (std::uint64_t n = in.count(8); n > 0; --n) {
    const ClientProfile client = read_client(in, is_before);
    ids.push_back(client.id);
    builder.add(client);
  }
  const std::uint64_t numbers = in.count(16);
  builder.reserve(numbers);
  for (std::uint64_t n = numbers; n > 0; --n) {
    const E164 number = E164::from_digits(in.number());
    const std::uint64_t packed = in.number();
    const auto client = static_cast<std::uint32_t>(packed);
    const std::uint64_t role = packed >> 32U;
    if (role > static_cast<std::uint64_t>(NumberRole::system)) return damaged();
    builder.add(PoolNumber{number, static_cast<NumberRole>(role),
                           client < ids.size() ? std::optional(ids[client]) : std::nullopt});
  }
  if (!in.at_end()) return damaged();
  return std::move(builder).build(configured, version);
}

std::shared_ptr<const Snapshot> read_snapshot(StoreReader& reader, const ConfiguredNumbers& configured) {
  // The version is read first: a change during the read shows as a newer version at the next look.
  const std::int64_t version = reader.directory_version();
  Snapshot::Builder builder;
  for (const ClientProfile& client : reader.clients()) builder.add(client);
  reader.each_number([&builder](const PoolNumber& number) { builder.add(number); });
  return std::move(builder).build(configured, version);
}

}  // namespace jobrun::directory
