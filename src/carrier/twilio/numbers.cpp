#include "numbers.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "answers.hpp"
#include "dates.hpp"
#include "net/form_encoding.hpp"
#include "pages.hpp"

namespace jobrun::carrier::twilio {
namespace {

constexpr Listed incoming_numbers{"IncomingPhoneNumbers", "incoming_phone_numbers", number_page_bytes_max};

Result<CarrierNumber> read_number(const nlohmann::json& item) {
  if (!item.is_object()) return invalid("a listed number is no object");
  TextMembers members(item);
  const Result<E164> phone = E164::parse(members.take("phone_number"));
  if (!phone) return invalid("a listed number has no readable phone_number");
  CarrierNumber number{.number = *phone};
  number.sid = message_id_or_nothing(members.take("sid"));
  number.voice = {members.take("voice_url"), members.take("voice_method")};
  number.voice_fallback_url = members.take("voice_fallback_url");
  number.status_callback = {members.take("status_callback"), members.take("status_callback_method")};
  number.sms_url = members.take("sms_url");
  const std::string trunk = members.take("trunk_sid");
  const std::string voice_application = members.take("voice_application_sid");
  number.voice_overridden_by = trunk.empty() ? voice_application : trunk;
  number.sms_overridden_by = members.take("sms_application_sid");
  if (!members.missing().empty()) return invalid("a listed number has no readable " + members.missing());
  if (number.sid.empty()) return invalid("a listed number has no readable sid");
  return number;
}

/// One listing under way. Lives as long as its last request.
class Listing : public std::enable_shared_from_this<Listing> {
 public:
  Listing(TwilioCarrier::Transport transport, TwilioCarrier::Options options, std::string auth_token,
          CarrierNumbers::Done done)
      : transport_(std::move(transport)),
        options_(std::move(options)),
        auth_token_(std::move(auth_token)),
        done_(std::move(done)) {}

  void ask(net::ClientRequest request) {
    transport_(std::move(request),
               [self = shared_from_this()](const net::ClientResult& result) { self->hear(result); });
  }

 private:
  void hear(const net::ClientResult& result) {
    Result<NumbersPage> page = read_numbers_page(result, options_.account_sid);
    if (!page) return done_(why_not(result, page.error().message));
    if (pages_++ == 0) list_.carrier_time = parse_rfc2822(result.response.header("Date"));
    std::ranges::move(page->numbers, std::back_inserter(list_.numbers));
    if (page->next_query.empty()) return finish();
    if (pages_ == number_pages_max) {
      return done_(CannotTell{"the list is longer than " + std::to_string(number_pages_max * numbers_per_page) +
                              " numbers"});
    }
    ask(page_request(options_, auth_token_, incoming_numbers, page->next_query));
  }

  static NumbersAnswer why_not(const net::ClientResult& result, const std::string& reason) {
    const SendAnswer answer = classify_twilio_answer(result);
    const auto* refused = std::get_if<Refused>(&answer);
    using Because = Refused::Because;
    if (refused != nullptr &&
        (refused->because == Because::credentials || refused->because == Because::suspended)) {
      return CredentialsRefused{refused->detail};
    }
    return CannotTell{reason};
  }

  /// Numbers bought or given back meanwhile move others from page to page: one may have been listed twice.
  void finish() {
    std::ranges::stable_sort(list_.numbers, {}, &CarrierNumber::number);
    const auto repeated = std::ranges::unique(list_.numbers, {}, &CarrierNumber::number);
    list_.numbers.erase(repeated.begin(), repeated.end());
    done_(std::move(list_));
  }

  TwilioCarrier::Transport transport_;
  TwilioCarrier::Options options_;
  std::string auth_token_;
  CarrierNumbers::Done done_;
  int pages_ = 0;
  CarrierNumberList list_;
};

}  // namespace

net::ClientRequest first_numbers_request(const TwilioCarrier::Options& options, const std::string& auth_token) {
  return page_request(options, auth_token, incoming_numbers,
                      "?" + net::form_encoded({{"PageSize", std::to_string(numbers_per_page)}}));
}

Result<NumbersPage> read_numbers_page(const net::ClientResult& result, std::string_view account_sid) {
  const Result<nlohmann::json> list = page_in(result, incoming_numbers);
  if (!list) return std::unexpected(list.error());
  NumbersPage page;
  Result<std::string> next_query = next_query_of(*list, account_sid, incoming_numbers);
  if (!next_query) return std::unexpected(next_query.error());
  page.next_query = std::move(*next_query);
  for (const nlohmann::json& item : list->at(incoming_numbers.member)) {
    Result<CarrierNumber> number = read_number(item);
    if (!number) return std::unexpected(number.error());
    page.numbers.push_back(std::move(*number));
  }
  return page;
}

void list_numbers(TwilioCarrier::Transport transport, TwilioCarrier::Options options, std::string auth_token,
                  CarrierNumbers::Done done) {
  const auto listing = std::make_shared<Listing>(std::move(transport), options, auth_token, std::move(done));
  listing->ask(first_numbers_request(options, auth_token));
}

}  // namespace jobrun::carrier::twilio
