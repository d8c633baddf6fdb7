// Twilio's lists, page by page. Every list says where its next page is:
//
//   {"messages": [...], "next_page_uri":
//   "/2010-04-01/Accounts/AC.../Messages.json?PageSize=100&Page=1&PageToken=PASM..."}
#pragma once

#include <cstddef>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "carrier/twilio.hpp"

namespace jobrun::carrier::twilio {

/// One of the account's lists.
struct Listed {
  std::string_view resource;   ///< as in its path: `Messages`
  std::string_view member;     ///< that holds the items: `messages`
  std::size_t page_bytes_max;  ///< a larger answer is not read
};

/// What every request has, whatever it asks for.
net::ClientRequest signed_request(const TwilioCarrier::Options& options, const std::string& auth_token,
                                  std::size_t answer_bytes_max);

/// The exact request for a page; `page_query` is empty or begins with a question mark.
net::ClientRequest page_request(const TwilioCarrier::Options& options, const std::string& auth_token,
                                const Listed& listed, const std::string& page_query);

/// The page as JSON: an object whose `listed.member` is an array. Fails, saying why, on anything else.
Result<nlohmann::json> page_in(const net::ClientResult& result, const Listed& listed);

/// `2026-01-03T10:15:30Z`: filters know no parts of seconds.
std::string to_the_second(Instant instant);

/// What a page holds of a list.
template <class Item>
struct Items {
  std::vector<Item> items;
  std::string next_query;  ///< with its question mark; empty: this is the last page
};

/// The query of the page that follows, with its question mark; empty: there is none. Where it is said to be, only
/// the query is taken from: credentials go nowhere but to our own address.
Result<std::string> next_query_of(const nlohmann::json& page, std::string_view account_sid, const Listed& listed);

/// The query of a page that follows, taken from the address it is said to be at, which has to have this path.
Result<std::string> query_of_next(const std::string& uri, const std::string& path);

/// Reads a page; fails, saying why, unless all of it can be read: what cannot be read might be what is looked for.
template <class Item>
Result<Items<Item>> read_items(const net::ClientResult& result, std::string_view account_sid, const Listed& listed,
                               Result<Item> (*read_item)(const nlohmann::json&)) {
  const Result<nlohmann::json> page = page_in(result, listed);
  if (!page) return std::unexpected(page.error());
  Result<std::string> next_query = next_query_of(*page, account_sid, listed);
  if (!next_query) return std::unexpected(next_query.error());
  Items<Item> read{.items = {}, .next_query = std::move(*next_query)};
  for (const nlohmann::json& each : page->at(listed.member)) {
    Result<Item> item = read_item(each);
    if (!item) return std::unexpected(item.error());
    read.items.push_back(std::move(*item));
  }
  return read;
}

/// Asks one request after the other: `hear` takes each answer and gives the next request; none: it has told
/// whoever waits. Called on the transport's thread.
using Hear = std::function<std::optional<net::ClientRequest>(const net::ClientResult&)>;
void ask_in_turn(TwilioCarrier::Transport transport, net::ClientRequest first, Hear hear);

/// Takes a member that is a string, or null for an empty one; anything else makes the item unreadable.
class TextMembers {
 public:
  explicit TextMembers(const nlohmann::json& item) : item_(item) {}

  std::string take(const char* name) {
    const auto member = item_.find(name);
    if (member != item_.end() && member->is_string()) return member->get<std::string>();
    if (member == item_.end() || !member->is_null()) missing_ = name;
    return {};
  }
  /// The same, of one that may be left out.
  std::string take_if_there(const char* name) { return item_.contains(name) ? take(name) : std::string(); }
  /// What was taken means nothing.
  void refuse(const char* name) { missing_ = name; }
  /// The last member that cannot be read; empty: there is none.
  const std::string& missing() const { return missing_; }

 private:
  const nlohmann::json& item_;
  std::string missing_;
};

}  // namespace jobrun::carrier::twilio
