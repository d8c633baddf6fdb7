#include "directory/directory.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <rapidcheck.h>

#include <unistd.h>
#include <cstdio>
#include <fstream>

namespace jobrun::directory {
namespace {

constexpr E164 pool_number = E164::from_digits(14155550100);
constexpr E164 own_number = E164::from_digits(14155550101);
constexpr E164 sign_up_number = E164::from_digits(14155550102);
constexpr E164 stranger = E164::from_digits(14155550199);

ClientProfile a_client(std::int64_t id, std::optional<E164> own = std::nullopt) {
  ClientProfile client;
  client.id = {id};
  client.name = "Smith & Sons";
  client.owner_phone = E164::from_digits(14155550150);
  client.own_number = own;
  return client;
}

std::shared_ptr<const Snapshot> a_snapshot(const ConfiguredNumbers& configured) {
  Snapshot::Builder builder;
  builder.add(a_client(1, own_number));
  builder.add(a_client(2, pool_number));
  builder.add(PoolNumber{pool_number, NumberRole::operational, ClientId{1}});
  return std::move(builder).build(configured, 7);
}

struct TempFile {
  TempFile() = default;
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  std::string path = std::string(testing::TempDir()) + "directory-" + std::to_string(::getpid()) + "-" +
                     testing::UnitTest::GetInstance()->current_test_info()->name();
  ~TempFile() { std::remove(path.c_str()); }
};

// Goal: the resolution order is pool, client's own number, setting, unknown.
// Method: one snapshot in which a number is claimed twice, asked for each step.
TEST(Directory, ResolvesInTheOrderPoolClientSettingUnknown) {
  const auto snapshot = a_snapshot({.onboarding = sign_up_number, .failsafe_sender = std::nullopt});

  const Resolution pool = snapshot->resolve(pool_number);
  EXPECT_EQ(pool.source, RoleSource::pool);
  ASSERT_NE(pool.client, nullptr);
  EXPECT_EQ(pool.client->id, ClientId{1});

  const Resolution own = snapshot->resolve(own_number);
  EXPECT_EQ(own.source, RoleSource::client_number);
  EXPECT_EQ(own.role, NumberRole::operational);

  EXPECT_EQ(snapshot->resolve(sign_up_number).role, NumberRole::onboarding);
  EXPECT_EQ(snapshot->resolve(sign_up_number).source, RoleSource::setting);

  EXPECT_EQ(snapshot->resolve(stranger).role, NumberRole::system);
  EXPECT_EQ(snapshot->resolve(stranger).source, RoleSource::unknown);
  EXPECT_EQ(snapshot->resolve(std::nullopt).role, NumberRole::system);
}

// Goal: a pool row wins over the setting that names the same number.
TEST(Directory, ThePoolWinsOverTheOnboardingSetting) {
  const auto snapshot = a_snapshot({.onboarding = pool_number, .failsafe_sender = std::nullopt});
  EXPECT_EQ(snapshot->resolve(pool_number).role, NumberRole::operational);
}

// Goal: every number of ours is known as ours, so that it is never texted as if it were a customer's.
// Method: a pool number, a client's own, the sign-up number, the fail-safe sender; and a stranger's.
TEST(Directory, KnowsOurNumbersFromOthers) {
  constexpr E164 failsafe_sender = E164::from_digits(14155550190);
  constexpr E164 second_sender = E164::from_digits(14155550180);
  const auto snapshot = a_snapshot(
      {.onboarding = sign_up_number, .failsafe_sender = failsafe_sender, .second_sender = second_sender});
  for (const E164 number : {pool_number, own_number, sign_up_number, failsafe_sender, second_sender}) {
    EXPECT_TRUE(snapshot->is_ours(number)) << number.text();
  }
  EXPECT_FALSE(snapshot->is_ours(stranger));
}

// Goal: what is saved is what is loaded, for any content.
TEST(Directory, LoadsWhatItSaved) {
  const TempFile file;
  EXPECT_TRUE(rc::check([&file] {
    Snapshot::Builder builder;
    const auto clients = *rc::gen::inRange(0, 5);
    for (int i = 1; i <= clients; ++i) {
      ClientProfile client = a_client(i);
      client.paused = *rc::gen::arbitrary<bool>();
      client.countries =
          *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::vector<std::string>{"US", "GB"}));
      if (*rc::gen::arbitrary<bool>()) client.cool_down = Duration{*rc::gen::inRange(0, 1'000'000)};
      if (*rc::gen::arbitrary<bool>()) client.texts_per_day = *rc::gen::inRange(0, 1'000'000);
      client.alert_by = *rc::gen::elementOf(std::vector{AlertBy::text, AlertBy::email, AlertBy::both});
      if (*rc::gen::arbitrary<bool>()) client.owner_email = "joe@example.com";
      client.awaits_test_call = *rc::gen::arbitrary<bool>();
      builder.add(client);
    }
    std::vector<std::uint64_t> digits = *rc::gen::container<std::vector<std::uint64_t>>(
        rc::gen::inRange<std::uint64_t>(1'000'0000, 999'999'999'999'999));
    for (const std::uint64_t d : digits) {
      const auto role =
          *rc::gen::elementOf(std::vector{NumberRole::operational, NumberRole::onboarding, NumberRole::system});
      builder.add(
          PoolNumber{E164::from_digits(d), role,
                     clients > 0 && role == NumberRole::operational ? std::optional(ClientId{1}) : std::nullopt});
    }
    const auto saved = std::move(builder).build({}, 42);
    RC_ASSERT(saved->save(file.path).has_value());
    const auto loaded = Snapshot::load(file.path, {});
    RC_ASSERT(loaded.has_value());
    RC_ASSERT((*loaded)->version() == 42);
    RC_ASSERT((*loaded)->size() == saved->size());
    for (const std::uint64_t d : digits) {
      const Resolution a = saved->resolve(E164::from_digits(d));
      const Resolution b = (*loaded)->resolve(E164::from_digits(d));
      RC_ASSERT((a.role == b.role && a.source == b.source && (a.client == nullptr) == (b.client == nullptr)));
      RC_ASSERT((!a.client || *a.client == *b.client));
    }
  }));
}

// Goal: a file from before clients could set things for themselves is read: a start without the database needs it.
// Method: what such a client lacks is cut out of a file with one client, and the sum made anew.
TEST(Directory, LoadsTheFormatBefore) {
  const TempFile file;
  Snapshot::Builder builder;
  builder.add(a_client(1, own_number));
  ASSERT_TRUE(std::move(builder).build({}, 7)->save(file.path));
  std::ifstream in(file.path, std::ios::binary);
  constexpr std::size_t head_bytes = 16 + 32;
  std::string content = std::string{std::istreambuf_iterator<char>(in), {}}.substr(head_bytes);
  constexpr std::size_t numbers_bytes = 8;
  constexpr std::size_t since_then_bytes = 8;  // no settings
  content.erase(content.size() - numbers_bytes - since_then_bytes, since_then_bytes);
  std::string sum(32, '\0');
  EVP_Digest(content.data(), content.size(), reinterpret_cast<unsigned char*>(sum.data()), nullptr, EVP_sha256(),
             nullptr);
  std::ofstream(file.path, std::ios::binary | std::ios::trunc) << "JobRunDirectory2" + sum + content;
  const auto loaded = Snapshot::load(file.path, {});
  ASSERT_TRUE(loaded);
  ASSERT_NE((*loaded)->client(ClientId{1}), nullptr);
  EXPECT_EQ(*(*loaded)->client(ClientId{1}), a_client(1, own_number));
  EXPECT_EQ((*loaded)->version(), 7);
}

// Goal: a damaged file is an error, never a wrong role.
// Method: flip each byte, and cut the file at each length.
TEST(Directory, RefusesADamagedFile) {
  const TempFile file;
  ASSERT_TRUE(a_snapshot({})->save(file.path));
  std::ifstream in(file.path, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  const auto load_of = [&file](const std::string& data) {
    std::ofstream(file.path, std::ios::binary | std::ios::trunc) << data;
    return Snapshot::load(file.path, {}).has_value();
  };
  ASSERT_TRUE(load_of(whole));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x20);
    EXPECT_FALSE(load_of(damaged)) << "byte " << i;
    EXPECT_FALSE(load_of(whole.substr(0, i))) << "cut at " << i;
  }
}

// Goal: a million numbers are held and found.
TEST(Directory, HoldsAMillionNumbers) {
  Snapshot::Builder builder;
  builder.add(a_client(1));
  constexpr std::uint64_t first = 14150000000;
  for (std::uint64_t i = 0; i < 1'000'000; ++i) {
    builder.add(PoolNumber{E164::from_digits(first + i), NumberRole::operational, ClientId{1}});
  }
  const auto snapshot = std::move(builder).build({}, 1);
  EXPECT_EQ(snapshot->size(), 1'000'000U);
  for (std::uint64_t i = 0; i < 1'000'000; i += 997) {
    ASSERT_EQ(snapshot->resolve(E164::from_digits(first + i)).source, RoleSource::pool);
  }
  EXPECT_EQ(snapshot->resolve(E164::from_digits(first - 1)).source, RoleSource::unknown);
}

}  // namespace
}  // namespace jobrun::directory
