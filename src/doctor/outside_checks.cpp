// The rows about the public URL, as far as they can be known from this side of it, and about the disk.
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "doctor/checks.hpp"

namespace jobrun::doctor {
namespace {

struct Network {
  std::array<std::uint8_t, 4> address;
  int bits;
};

/// Those that lead nowhere from the internet: this network, private, carrier-grade, this machine, link, protocol
/// assignments, benchmarks, multicast, reserved.
constexpr std::array<Network, 11> closed_networks = {{{{0, 0, 0, 0}, 8},
                                                      {{10, 0, 0, 0}, 8},
                                                      {{100, 64, 0, 0}, 10},
                                                      {{127, 0, 0, 0}, 8},
                                                      {{169, 254, 0, 0}, 16},
                                                      {{172, 16, 0, 0}, 12},
                                                      {{192, 0, 0, 0}, 24},
                                                      {{192, 168, 0, 0}, 16},
                                                      {{198, 18, 0, 0}, 15},
                                                      {{224, 0, 0, 0}, 4},
                                                      {{240, 0, 0, 0}, 4}}};

std::uint32_t as_number(const std::array<std::uint8_t, 4>& bytes) {
  std::uint32_t number = 0;
  for (const std::uint8_t byte : bytes) number = number << 8 | byte;
  return number;
}

bool is_public_v4(const std::array<std::uint8_t, 4>& address) {
  constexpr int all_bits = 32;
  return std::ranges::none_of(closed_networks, [&](const Network& network) {
    const std::uint32_t mask = ~std::uint32_t{0} << (all_bits - network.bits);
    return (as_number(address) & mask) == as_number(network.address);
  });
}

/// 2000::/3 is all that is given out; of it, no addresses that only stand for others.
bool is_public_v6(const std::array<std::uint8_t, 16>& address) {
  constexpr std::uint8_t top_three_bits = 0xE0;
  return (address[0] & top_three_bits) == 0x20;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

constexpr int proxy_failures_from = 500;

}  // namespace

bool is_public_address(const std::string& address) {
  std::array<std::uint8_t, 4> v4{};
  if (inet_pton(AF_INET, address.c_str(), v4.data()) == 1) return is_public_v4(v4);
  std::array<std::uint8_t, 16> v6{};
  if (inet_pton(AF_INET6, address.c_str(), v6.data()) != 1) return false;
  constexpr std::array<std::uint8_t, 12> mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (std::equal(mapped.begin(), mapped.end(), v6.begin())) {
    std::copy(v6.begin() + mapped.size(), v6.end(), v4.begin());
    return is_public_v4(v4);
  }
  return is_public_v6(v6);
}

Check disk_check(const std::string& folder, const Result<DiskRoom>& room) {
  if (!room) {
    return {"disk", Verdict::unknown,
            "the room on the disk of " + folder + " is not known: " + room.error().message,
            "look at it: df " + folder};
  }
  constexpr std::int64_t million = 1'000'000;
  constexpr std::int64_t hundred = 100;
  const std::int64_t percent =
      room->bytes_max > 0
          ? static_cast<std::int64_t>(static_cast<double>(room->bytes_free) /
                                      static_cast<double>(room->bytes_max) * static_cast<double>(hundred))
          : 0;
  const std::string found = "the disk of " + folder + " has " + std::to_string(room->bytes_free / million) +
                            " MB free, " + std::to_string(percent) + " %";
  if (room->bytes_free < disk_bytes_free_min || percent < disk_percent_free_min) {
    return {"disk", Verdict::mend, found,
            "make room: without it calls are kept by the spool, until that is full too"};
  }
  return {"disk", Verdict::well, found, ""};
}

Check reachable_check(const OutsideFacts& facts) {
  const std::string host = host_of(facts.url);
  if (facts.is_nobodys_name) {
    return {"reachable", Verdict::mend, host + " has no address",
            "register the name, or set JOBRUN_PUBLIC_URL to the one that the carrier calls"};
  }
  if (!facts.unresolved.empty()) {
    return {"reachable", Verdict::unknown,
            "the address of " + host + " could not be found out: " + facts.unresolved,
            "try again; can this machine resolve names?"};
  }
  const bool is_name = host.find_first_not_of("0123456789.") != std::string::npos && !host.starts_with('[');
  const bool is_public = std::ranges::all_of(facts.addresses, is_public_address);
  if (is_name && !is_public) {
    return {
        "reachable", Verdict::unknown,
        host + " is " + joined(facts.addresses) + " as this machine sees it, which is not how the carrier does",
        "look at its address from elsewhere; here /etc/hosts or an inner name server may say so"};
  }
  if (!is_public) {
    return {"reachable", Verdict::mend,
            host + " is " + joined(facts.addresses) + ", of which the internet does not reach every one",
            "set JOBRUN_PUBLIC_URL to a URL that the carrier can reach"};
  }
  const std::string outside = "only a call tells whether it reaches the carrier: jobrun canary, then a call";
  if (!facts.status) {
    return {"reachable", Verdict::unknown, "nothing answers at " + facts.url + " from here: " + facts.unanswered,
            facts.is_untrusted ? "see certificates"
                               : "some networks do not let a machine reach itself from outside: try it from "
                                 "elsewhere; " +
                                     outside};
  }
  const std::string told = "HTTP " + std::to_string(*facts.status) + " at /healthz";
  constexpr int success = 200;
  if (*facts.status == success) return {"reachable", Verdict::well, facts.url + " answers, seen from here", ""};
  if (*facts.status >= proxy_failures_from) {
    return {"reachable", Verdict::mend, "what answers at " + facts.url + " does not reach the service: " + told,
            "see the web server's log, and whether it passes on to JOBRUN_LISTEN"};
  }
  return {"reachable", Verdict::well,
          "a web server answers at " + facts.url + ", seen from here; it need not pass everything on: " + told,
          "whether it passes on what the carrier calls: jobrun canary"};
}

Check certificate_check(const OutsideFacts& facts) {
  if (facts.is_untrusted) {
    return {"certificates", Verdict::mend,
            "the certificate at " + facts.url + " proves nothing: " + facts.unanswered,
            "the carrier calls nobody whom it cannot verify: renew it, with its chain and for this name"};
  }
  if (!facts.certificate_ends) {
    return {"certificates", Verdict::unknown,
            "the certificate at " + facts.url + " could not be looked at from here", "see reachable"};
  }
  const auto left = std::chrono::floor<std::chrono::days>(*facts.certificate_ends - facts.now);
  const std::string found =
      "the certificate at " + facts.url + " is good for " + std::to_string(left.count()) + " more days";
  if (left >= certificate_left_min) return {"certificates", Verdict::well, found, ""};
  return {"certificates", Verdict::mend, found, "renew it, and see why that did not happen by itself"};
}

}  // namespace jobrun::doctor
