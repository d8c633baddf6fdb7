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
  number.sms_method = members.take("sms_method");
  number.sms_fallback_url = members.take("sms_fallback_url");
  const std::string trunk = members.take("trunk_sid");
  const std::string voice_application = members.take("voice_application_sid");
  number.voice_overridden_by = trunk.empty() ? voice_application : trunk;
  number.sms_overridden_by = members.take("sms_application_sid");
  if (!members.missing().empty()) return invalid("a listed number has no readable " + members.missing());
  if (number.sid.empty()) return invalid("a listed number has no readable sid");
  return number;
}

NumbersAnswer why_not(const net::ClientResult& result, const std::string& reason) {
  const SendAnswer answer = classify_twilio_answer(result);
  const auto* refused = std::get_if<Refused>(&answer);
  using Because = Refused::Because;
  if (refused != nullptr && (refused->because == Because::credentials || refused->because == Because::suspended)) {
    return CredentialsRefused{refused->detail};
  }
  return CannotTell{reason};
}

/// Numbers bought or given back meanwhile move others from page to page: one may have been listed twice.
CarrierNumberList each_once(CarrierNumberList list) {
  std::ranges::stable_sort(list.numbers, {}, &CarrierNumber::number);
  const auto repeated = std::ranges::unique(list.numbers, {}, &CarrierNumber::number);
  list.numbers.erase(repeated.begin(), repeated.end());
  return list;
}

}  // namespace

net::ClientRequest first_numbers_request(const TwilioCarrier::Options& options, const std::string& auth_token) {
  return page_request(options, auth_token, incoming_numbers,
                      "?" + net::form_encoded({{"PageSize", std::to_string(numbers_per_page)}}));
}

Result<NumbersPage> read_numbers_page(const net::ClientResult& result, std::string_view account_sid) {
  return read_items(result, account_sid, incoming_numbers, read_number);
}

void list_numbers(TwilioCarrier::Transport transport, TwilioCarrier::Options options, std::string auth_token,
                  CarrierNumbers::Done done) {
  net::ClientRequest first = first_numbers_request(options, auth_token);
  ask_in_turn(
      std::move(transport), std::move(first),
      [options = std::move(options), auth_token = std::move(auth_token), done = std::move(done), pages = 0,
       list = CarrierNumberList()](const net::ClientResult& result) mutable -> std::optional<net::ClientRequest> {
        Result<NumbersPage> page = read_numbers_page(result, options.account_sid);
        if (!page) return done(why_not(result, page.error().message)), std::nullopt;
        if (pages++ == 0) list.carrier_time = parse_rfc2822(result.response.header("Date"));
        std::ranges::move(page->items, std::back_inserter(list.numbers));
        if (page->next_query.empty()) return done(each_once(std::move(list))), std::nullopt;
        if (pages == number_pages_max) {
          done(CannotTell{"the list is longer than " + std::to_string(number_pages_max * numbers_per_page) +
                          " numbers"});
          return std::nullopt;
        }
        return page_request(options, auth_token, incoming_numbers, page->next_query);
      });
}

}  // namespace jobrun::carrier::twilio
