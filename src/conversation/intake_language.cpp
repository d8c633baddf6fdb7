#include "intake_language.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <unordered_map>

namespace jobrun::conversation {
namespace {

enum class Tongue : std::uint8_t { english, spanish, polish, french, other };

struct TongueRow {
  Tongue tongue;
  std::string_view words;    ///< with spaces between
  std::string_view letters;  ///< that only it has, UTF-8
};

constexpr std::array rows = {
    TongueRow{Tongue::english,
              " mon tue tues wed weds thurs fri sat sun after before any pm am the a is it my our you your we i "
              "im its in on at and of to for from with have has need can please "
              "pls plz not no wont cant "
              "keep keeps leak leaking tap sink boiler toilet water heating gas smell alarm door window roof "
              "house hi hello thanks thank this that "
              "when what where how are do any some out off up down back one new broken blocked burst key locked "
              "asap tomorrow today week help quote lock "
              "light lights fence tree shower kitchen floor ceiling radiator car fridge garden paint tile tiles "
              "clean mice rats ok yes call me ring ",
              ""},
    TongueRow{Tongue::spanish,
              " el los las una un y en de del la que se no tengo tiene hay mi por para con hola gracias agua "
              "puede pueden hoy manana casa "
              "cuarto cocina bano huele sale esta estan muy urgente necesito calle fuga tuberia caldera grifo "
              "enchufe humo calefaccion sin cuanto "
              "cuesta cuando favor buenos buenas dias tardes ustedes hace desde ayer roto rota puerta llave "
              "llaves cerradura inodoro luz gotea ya es lo me ",
              "ñ¿¡"},
    TongueRow{Tongue::polish,
              " w we z ze na do od po nie jest sie mam mamy czy co jak prosze dzien dobry dziekuje dzieki woda "
              "wody wode cieknie kran piec gaz gazu "
              "czuc mieszkaniu mieszkanie dom domu kuchni lazience lazienki pekla rura rury zatkany zatkana jutro "
              "dzis dzisiaj pilne pilnie ul zepsuty "
              "zepsula dziala dziecko bez ma drzwi zamek klucz gniazdko iskrzy pradu swiatlo wymiana naprawa "
              "malowanie remont ile kosztuje przeglad "
              "potrzebuje jutra wczoraj panie pani pan tez bardzo juz do zobaczenia spieszy ",
              "ąćęłńśźż"},
    TongueRow{Tongue::french,
              " le les une un des du de la et est sur dans chez je nous vous pas ne il elle mon ma mes ca ce "
              "cette avec pour qui que bonjour bonsoir "
              "merci svp eau fuite gaz sent chauffage chaudiere panne wc bouche evier porte cles clef serrure "
              "prise fumee odeur plafond coule vite demain "
              "matin aujourdhui rue devis beaucoup pouvez passer urgent combien coute l d j c n qu salle bain "
              "toit volet au aux plus depuis ",
              "èêçùœ"},
    TongueRow{
        Tongue::other,
        " der die das und ist nicht ein eine im ich wir mit bei bitte kaputt heizung wasser wasserhahn tropft "
        "strasse morgen heute guten tag danke kein keine "
        "habe haben unser unsere riecht nach gas aus dem den zum zur auf von steckdose rauch toilette verstopft "
        "schlussel tur rohrbruch keller es wird dringend "
        "il lo gli della nel si rotto rotta acqua tubo dappertutto perdita sono ho non che per una mia casa odore "
        "puzza buongiorno grazie caldaia funziona oggi domani "
        "rubinetto bagno cucina perde esce dal sento scarico presa fuori "
        "da cozinha pingar esta pinga janela porta telhado ola bom dia obrigado obrigada nao uma um minha meu "
        "cheira cheiro gas aqui em casa agua esta torneira "
        "cano quente tenho preciso hoje amanha "
        "por favor fuga sem fogo quadro tomada bebe caldeira vazamento estou o "
        "nu este si cu pe la din am avem buna ziua multumesc apa centrala termica porneste caldura robinet curge "
        "teava sparta miroase gaz maine azi "
        "priza scoate fum rog baie bucatarie usa "
        "de het een niet lekt kraan waterleiding graag merhaba su tesekkurler lutfen var yok kombi zdravstvuyte ",
        "ßãõțțșăîäöü"},
};

/// Each of these weighs as much as a word of no other tongue.
bool has_letter_of(std::string_view text, std::string_view letters) {
  for (std::size_t at = 0; at + 1 < letters.size(); at += 2) {
    if (text.find(letters.substr(at, 2)) != std::string_view::npos) return true;
  }
  return false;
}

/// In which of the rows each word stands, a bit for each; made once.
const std::unordered_map<std::string_view, unsigned>& rows_by_word() {
  static const std::unordered_map<std::string_view, unsigned> by_word = [] {
    std::unordered_map<std::string_view, unsigned> made;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      std::string_view words = rows[row].words;
      while (!words.empty()) {
        const std::size_t end = std::min(words.find(' '), words.size());
        if (end > 0) made[words.substr(0, end)] |= 1U << row;
        words.remove_prefix(std::min(end + 1, words.size()));
      }
    }
    return made;
  }();
  return by_word;
}

bool is_latin(std::string_view word) {
  return std::ranges::all_of(word, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

std::optional<Locale> find_language(const Reading& reading) {
  constexpr int letter_weight = 2;
  constexpr std::size_t words_max = 60;
  std::array<int, rows.size()> scores{};
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (has_letter_of(reading.text, rows[row].letters)) scores[row] += letter_weight;
  }
  for (const Word& word : std::span(reading.words).first(std::min(reading.words.size(), words_max))) {
    const auto found = rows_by_word().find(word.folded);
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (found != rows_by_word().end() && (found->second >> row & 1U) != 0) ++scores[row];
      if (rows[row].tongue == Tongue::other && !is_latin(word.folded)) ++scores[row];
    }
  }
  // English first where two are as likely, the others of ours before those that are not.
  const auto best = std::ranges::max_element(scores);
  if (*best == 0) return std::nullopt;
  switch (rows[static_cast<std::size_t>(best - scores.begin())].tongue) {
    case Tongue::english:
      return Locale::en_us;
    case Tongue::spanish:
      return Locale::es;
    case Tongue::polish:
      return Locale::pl;
    case Tongue::french:
      return Locale::fr;
    case Tongue::other:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace jobrun::conversation
