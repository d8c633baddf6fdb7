#include "inbound.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "answers.hpp"
#include "base/utf8.hpp"
#include "dates.hpp"
#include "net/form_encoding.hpp"
#include "pages.hpp"

namespace jobrun::carrier::twilio {
namespace {

constexpr Listed account_messages{"Messages", "messages", inbound_page_bytes_max};

/// A message of the account, in either direction.
struct ListedMessage {
  bool is_inbound = false;
  ListedText listed;
  std::string media_uri{};  ///< of the list of its pictures; empty: it has none
};

/// `"num_media": "2"`; where it cannot be read there may be some.
std::string media_uri_of(const nlohmann::json& item) {
  if (string_in(item, "num_media") == "0") return {};
  const auto uris = item.find("subresource_uris");
  return uris != item.end() && uris->is_object() ? string_in(*uris, "media") : std::string();
}

Result<ListedMessage> read_item(const nlohmann::json& item) {
  if (!item.is_object()) return invalid("a listed message is no object");
  TextMembers members(item);
  const std::string sid = message_id_or_nothing(members.take("sid"));
  const std::string direction = members.take("direction");
  const std::string to = members.take("to");
  const std::string from = members.take("from");
  const std::string body = members.take("body");
  const std::string date = members.take("date_sent");
  const std::string created = members.take("date_created");
  const std::optional<Instant> at = parse_rfc2822(date.empty() ? created : date);
  if (sid.empty()) return invalid("a listed message has no readable sid");
  if (direction.empty()) members.refuse("direction");
  if (!at) members.refuse("date_created");
  if (!members.missing().empty()) return invalid("a listed message has no readable " + members.missing());
  const Result<E164> number = E164::parse(to);
  return ListedMessage{.is_inbound = direction == "inbound",
                       .listed = {.text = {.message_sid = sid,
                                           .sender = Caller::parse(from),
                                           .number = number ? std::optional<E164>(*number) : std::nullopt,
                                           .number_text = std::string(utf8_prefix(to, number_text_bytes_max)),
                                           .body = std::string(inbound_words(body)),
                                           .origin = Origin::sweep,
                                           .at = at},
                                  .is_whole = string_in(item, "status") != "receiving"},
                       .media_uri = media_uri_of(item)};
}

}  // namespace

net::ClientRequest first_inbound_request(const TwilioCarrier::Options& options, const std::string& auth_token,
                                         const TextsWindow& window) {
  const std::string query = net::form_encoded(
      {{"PageSize", std::to_string(inbound_per_page)}, {"DateSent>", to_the_second(window.from)}});
  return page_request(options, auth_token, account_messages, "?" + query);
}

Result<InboundPage> read_inbound_page(const net::ClientResult& result, std::string_view account_sid,
                                      const std::string& api_url, const TextsWindow& window) {
  Result<Items<ListedMessage>> list = read_items(result, account_sid, account_messages, read_item);
  if (!list) return std::unexpected(list.error());
  InboundPage page{.list = {}, .next_query = std::move(list->next_query)};
  const Instant from = std::chrono::floor<std::chrono::seconds>(window.from);
  bool has_newer = list->items.empty();
  for (ListedMessage& message : list->items) {
    InboundText& text = message.listed.text;
    has_newer = has_newer || *text.at >= from;
    page.list.newest = std::max(page.list.newest, text.at);
    if (!message.is_inbound || *text.at < from || *text.at > window.to) continue;
    if (std::optional<MediaLink> link = media_link(api_url + message.media_uri, "application/json");
        link && !message.media_uri.empty()) {
      text.media.push_back(std::move(*link));
    }
    page.list.texts.push_back(std::move(message.listed));
  }
  page.is_older = !has_newer;
  return page;
}

void list_texts(TwilioCarrier::Transport transport, TwilioCarrier::Options options, std::string auth_token,
                const TextsWindow& window, CarrierTexts::ListedTexts done) {
  net::ClientRequest first = first_inbound_request(options, auth_token, window);
  auto hear = [options = std::move(options), auth_token = std::move(auth_token), window, done = std::move(done),
               pages = 0,
               list = TextsList()](const net::ClientResult& result) mutable -> std::optional<net::ClientRequest> {
    Result<InboundPage> page = read_inbound_page(result, options.account_sid, options.api_url, window);
    if (!page) return done(std::unexpected(page.error())), std::nullopt;
    std::ranges::move(page->list.texts, std::back_inserter(list.texts));
    list.newest = std::max(list.newest, page->list.newest);
    if (page->next_query.empty() || page->is_older) return done(std::move(list)), std::nullopt;
    if (++pages == inbound_pages_max) {
      done(failure(
          ErrorKind::unavailable,
          "the list is longer than " + std::to_string(inbound_pages_max * inbound_per_page) + " messages"));
      return std::nullopt;
    }
    return page_request(options, auth_token, account_messages, page->next_query);
  };
  ask_in_turn(std::move(transport), std::move(first), std::move(hear));
}

}  // namespace jobrun::carrier::twilio
