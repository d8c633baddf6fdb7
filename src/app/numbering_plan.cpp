#include "numbering_plan.hpp"

#include <phonenumbers/phonenumberutil.h>

#include <mutex>
#include <unordered_map>

namespace jobrun::app {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr std::uint64_t north_american_code = 1;

class LibphonenumberPlan final : public NumberingPlan {
 public:
  std::string country_of(E164 number) override {
    const std::uint64_t key = leading_digits(number);
    const std::lock_guard lock(mutex_);
    if (const auto known = countries_.find(key); known != countries_.end()) return known->second;
    return countries_.emplace(key, look_up(number, key)).first->second;
  }

  bool is_landline(E164 number) override {
    PhoneNumber parsed;
    if (util().Parse(number.text(), "ZZ", &parsed) != PhoneNumberUtil::NO_PARSING_ERROR) return false;
    // Only a positive "fixed line": packaged metadata is years old, and "invalid" says nothing.
    return util().GetNumberType(parsed) == PhoneNumberUtil::FIXED_LINE;
  }

  std::optional<E164> read(std::string_view written, std::string_view country) override {
    constexpr std::size_t written_bytes_max = 64;
    if (written.size() > written_bytes_max) return std::nullopt;
    const std::string region = country.empty() ? "ZZ" : std::string(country);
    PhoneNumber parsed;
    if (util().Parse(std::string(written), region, &parsed) != PhoneNumberUtil::NO_PARSING_ERROR) {
      return std::nullopt;
    }
    std::string text;
    util().Format(parsed, PhoneNumberUtil::E164, &text);
    const Result<E164> number = E164::parse(text);
    return number ? std::optional(*number) : std::nullopt;
  }

 private:
  // Loading the metadata takes tens of milliseconds: at the first question, not at start.
  static const PhoneNumberUtil& util() { return *PhoneNumberUtil::GetInstance(); }

  /// What decides the country: the calling code or, in the North American plan that twenty countries share,
  /// 1 and the area code.
  static std::uint64_t leading_digits(E164 number) {
    std::uint64_t digits = number.digits();
    const std::string text = std::to_string(digits);
    const std::size_t length = text[0] == '1' ? 4 : std::min<std::size_t>(text.size(), calling_code_length(text));
    for (std::size_t drop = text.size() - std::min(length, text.size()); drop > 0; --drop) digits /= 10;
    return digits;
  }

  /// 7 and 1 stand alone; ITU zones with two-digit codes list them; all others have three digits.
  static std::size_t calling_code_length(const std::string& digits) {
    static constexpr std::string_view two_digit_codes =
        " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 "
        "82 "
        "84 86 90 91 92 93 94 95 98 ";
    if (digits[0] == '1' || digits[0] == '7') return 1;
    return two_digit_codes.find(" " + digits.substr(0, 2) + " ") != std::string_view::npos ? 2 : 3;
  }

  static std::string look_up(E164 number, std::uint64_t key) {
    std::string region;
    if (number.text()[1] == '1') {
      // A number every area code of the plan has, so that the answer depends on the area code alone.
      constexpr std::uint64_t subscriber = 2'345'678;
      PhoneNumber sample;
      sample.set_country_code(north_american_code);
      sample.set_national_number((key % 1000) * 10'000'000 + subscriber);
      util().GetRegionCodeForNumber(sample, &region);
      return region.empty() || region == "ZZ" ? "US" : region;
    }
    util().GetRegionCodeForCountryCode(static_cast<int>(key), &region);
    return region == "ZZ" || region == "001" ? std::string() : region;
  }

  std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::string> countries_;  ///< bounded by the plan: under 2,000 entries
};

}  // namespace

std::unique_ptr<NumberingPlan> make_numbering_plan() {
  return std::make_unique<LibphonenumberPlan>();
}

}  // namespace jobrun::app
