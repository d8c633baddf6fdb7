#include "find.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "answers.hpp"
#include "dates.hpp"
#include "net/form_encoding.hpp"
#include "pages.hpp"

namespace jobrun::carrier::twilio {
namespace {

constexpr Listed messages{"Messages", "messages", page_bytes_max};

struct ListedMessage {
  FoundMessage message;
  std::string to;
  std::string from;
};

Result<ListedMessage> read_message(const nlohmann::json& item) {
  ListedMessage listed{.message = {}, .to = string_in(item, "to"), .from = string_in(item, "from")};
  FoundMessage& message = listed.message;
  message.message_sid = message_id_or_nothing(string_in(item, "sid"));
  const std::optional<Instant> created_at = parse_rfc2822(string_in(item, "date_created"));
  if (message.message_sid.empty() || !created_at) return invalid("a listed message has no sid or no date_created");
  message.created_at = *created_at;
  message.status = tamed(string_in(item, "status"));
  message.error_code = code_in(item, "error_code");
  const std::optional<MessageStatus> status = parse_name<MessageStatus>(message.status);
  message.is_lost = status && is_lost(*status);
  message.body = string_in(item, "body");
  return listed;
}

/// One look-up under way.
class Search {
 public:
  Search(TwilioCarrier::Options options, std::string auth_token, FindQuery query, Carrier::FoundDone done)
      : options_(std::move(options)),
        auth_token_(std::move(auth_token)),
        query_(std::move(query)),
        done_(std::move(done)) {}

  net::ClientRequest begin(Listing listing) {
    listing_ = listing;
    pages_ = 0;
    return first_page_request(options_, auth_token_, query_, listing);
  }

  std::optional<net::ClientRequest> hear(const net::ClientResult& result) {
    Result<Page> page = read_page(result, query_, options_.account_sid);
    if (!page) return done_(CannotTell{page.error().message}), std::nullopt;
    ++pages_;
    for (FoundMessage& message : page->matching) keep(std::move(message));
    if (!page->next_query.empty() && pages_ < pages_max) {
      return page_request(options_, auth_token_, messages, page->next_query);
    }
    // Lists begin with the newest: once a page is too old, so is what follows.
    if (!page->next_query.empty() && !page->is_older) {
      done_(CannotTell{"the list is longer than " + std::to_string(pages_max * page_size) + " messages"});
      return std::nullopt;
    }
    if (listing_ == Listing::sent_in_these_days) return begin(Listing::all);
    done_(std::move(found_));
    return std::nullopt;
  }

 private:
  void keep(FoundMessage message) {
    const bool is_known = std::ranges::find(found_.messages, message.message_sid, &FoundMessage::message_sid) !=
                          found_.messages.end();
    if (!is_known) found_.messages.push_back(std::move(message));
  }

  TwilioCarrier::Options options_;
  std::string auth_token_;
  FindQuery query_;
  Carrier::FoundDone done_;
  Listing listing_ = Listing::sent_in_these_days;
  int pages_ = 0;
  Found found_;
};

}  // namespace

net::ClientRequest first_page_request(const TwilioCarrier::Options& options, const std::string& auth_token,
                                      const FindQuery& query, Listing listing) {
  std::vector<std::pair<std::string, std::string>> fields = {
      {"PageSize", std::to_string(page_size)}, {"To", query.recipient.text()}, {"From", query.sender.text()}};
  if (listing == Listing::sent_in_these_days) {
    // A message is sent at most 10 hours after it was created, and a bound is the midnight that begins its day.
    constexpr std::chrono::days margin{2};
    fields.emplace_back("DateSent>", utc_date(query.from));
    fields.emplace_back("DateSent<", utc_date(query.to + margin));
  }
  return page_request(options, auth_token, messages, "?" + net::form_encoded(fields));
}

Result<Page> read_page(const net::ClientResult& result, const FindQuery& query, std::string_view account_sid) {
  Result<Items<ListedMessage>> list = read_items(result, account_sid, messages, read_message);
  if (!list) return std::unexpected(list.error());
  Page page{.matching = {}, .next_query = std::move(list->next_query)};
  // The carrier's dates are cut to the second.
  const Instant from = std::chrono::floor<std::chrono::seconds>(query.from);
  bool has_newer = list->items.empty();
  for (ListedMessage& listed : list->items) {
    FoundMessage& message = listed.message;
    has_newer = has_newer || message.created_at >= from;
    const bool matches = listed.to == query.recipient.text() && listed.from == query.sender.text() &&
                         message.body == query.body && message.created_at >= from &&
                         message.created_at <= query.to;
    if (matches) page.matching.push_back(std::move(message));
  }
  page.is_older = !has_newer;
  return page;
}

void find_messages(TwilioCarrier::Transport transport, TwilioCarrier::Options options, std::string auth_token,
                   FindQuery query, Carrier::FoundDone done) {
  const auto search =
      std::make_shared<Search>(std::move(options), std::move(auth_token), std::move(query), std::move(done));
  ask_in_turn(std::move(transport), search->begin(Listing::sent_in_these_days),
              [search](const net::ClientResult& result) { return search->hear(result); });
}

}  // namespace jobrun::carrier::twilio
