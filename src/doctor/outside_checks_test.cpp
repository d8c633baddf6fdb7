#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "doctor/checks.hpp"

namespace jobrun::doctor {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr Instant noon = std::chrono::sys_days{std::chrono::year{2026} / 1 / 3} + std::chrono::hours{12};
constexpr std::chrono::days a_day{1};

// Goal: an address that only this machine or its network reaches is not taken for one that the carrier reaches.
// Method: the first and last address of each such network, and their neighbours.
TEST(PublicAddress, IsWhatTheInternetReaches) {
  for (const char* address : {"8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
                              "126.255.255.255", "128.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255",
                              "192.169.0.0", "223.255.255.255", "2606:4700::1111", "::ffff:8.8.8.8"}) {
    EXPECT_TRUE(is_public_address(address)) << address;
  }
  for (const char* address : {"10.0.0.0",
                              "10.255.255.255",
                              "100.64.0.0",
                              "100.127.255.255",
                              "127.0.0.1",
                              "169.254.169.254",
                              "172.16.0.0",
                              "172.31.255.255",
                              "192.168.1.1",
                              "0.0.0.0",
                              "224.0.0.1",
                              "255.255.255.255",
                              "198.18.0.1",
                              "::1",
                              "::",
                              "fe80::1",
                              "fd00::1",
                              "ff02::1",
                              "::ffff:10.0.0.1",
                              "",
                              "jobrun.example",
                              "1.2.3",
                              "10.0.0.0/8"}) {
    EXPECT_FALSE(is_public_address(address)) << address;
  }
}

// Goal: too little room is told before there is none: half a gigabyte, and a twentieth of the disk.
// Method: both bounds to the byte; a disk of which nothing is known.
TEST(DiskCheck, TellsBeforeTheDiskIsFull) {
  constexpr std::int64_t gigabyte = 1'000'000'000;
  const auto verdict = [](std::int64_t free, std::int64_t all) {
    return disk_check("/data", DiskRoom{.bytes_free = free, .bytes_max = all}).verdict;
  };
  EXPECT_EQ(verdict(disk_bytes_free_min, gigabyte), Verdict::well);
  EXPECT_EQ(verdict(disk_bytes_free_min - 1, gigabyte), Verdict::mend);
  EXPECT_EQ(verdict(5 * gigabyte, 100 * gigabyte), Verdict::well);
  EXPECT_EQ(verdict(5 * gigabyte - 1, 100 * gigabyte), Verdict::mend);
  EXPECT_EQ(verdict(gigabyte, 0), Verdict::mend);
  const Check unknown = disk_check("/data", invalid("gone"));
  EXPECT_EQ(unknown.verdict, Verdict::unknown);
  EXPECT_THAT(unknown.found, HasSubstr("gone"));
}

OutsideFacts as_it_should_be() {
  return {.url = "https://jobrun.example",
          .addresses = {"203.0.113.7", "2606:4700::1111"},
          .status = 200,
          .certificate_ends = noon + 14 * a_day,
          .now = noon};
}

// Goal: what keeps the carrier from the public URL is told as far as it can be known from here, and what cannot is
// unknown.
// Method: one change at a time to a URL that answers.
TEST(ReachableCheck, TellsWhatCanBeKnownFromHere) {
  EXPECT_EQ(reachable_check(as_it_should_be()).verdict, Verdict::well);
  EXPECT_THAT(reachable_check(as_it_should_be()).advice, IsEmpty());
  const auto told = [](void (*change)(OutsideFacts&), Verdict verdict, const char* words) {
    OutsideFacts facts = as_it_should_be();
    change(facts);
    const Check check = reachable_check(facts);
    EXPECT_EQ(check.verdict, verdict) << check.found;
    EXPECT_THAT(check.found, HasSubstr(words));
    EXPECT_FALSE(check.advice.empty());
  };
  told([](OutsideFacts& f) { f.is_nobodys_name = true; }, Verdict::mend, "jobrun.example has no address");
  told([](OutsideFacts& f) { f.unresolved = "no resolver"; }, Verdict::unknown, "no resolver");
  told([](OutsideFacts& f) { f.addresses.push_back("10.0.0.5"); }, Verdict::unknown, "10.0.0.5");
  told(
      [](OutsideFacts& f) {
        f.url = "https://127.0.0.1";
        f.addresses = {"127.0.0.1"};
      },
      Verdict::mend, "127.0.0.1");
  told([](OutsideFacts& f) { f.status.reset(); }, Verdict::unknown, "nothing answers");
  told([](OutsideFacts& f) { f.status = 502; }, Verdict::mend, "HTTP 502");
  told([](OutsideFacts& f) { f.status = 404; }, Verdict::well, "need not pass everything on");
}

// Goal: a certificate is told two weeks before its end, and one that proves nothing at once.
// Method: the bound to the millisecond; none seen; one that was not trusted.
TEST(CertificateCheck, TellsBeforeItsEnd) {
  OutsideFacts facts = as_it_should_be();
  EXPECT_EQ(certificate_check(facts).verdict, Verdict::well);
  EXPECT_THAT(certificate_check(facts).found, HasSubstr("14 more days"));
  *facts.certificate_ends -= Duration{1};
  EXPECT_EQ(certificate_check(facts).verdict, Verdict::mend);
  EXPECT_THAT(certificate_check(facts).found, HasSubstr("13 more days"));
  facts.certificate_ends.reset();
  EXPECT_EQ(certificate_check(facts).verdict, Verdict::unknown);
  facts.is_untrusted = true;
  EXPECT_EQ(certificate_check(facts).verdict, Verdict::mend);
}

}  // namespace
}  // namespace jobrun::doctor
