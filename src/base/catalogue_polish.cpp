// Polish, polite. Texts are without the letters that GSM-7 lacks, as people there write them.
#include "catalogue_parts.hpp"

namespace jobrun {
namespace {

constexpr Lines lines = {{
    {Phrase::say_will_text,
     "Tu {business}. Przepraszamy, nie możemy teraz odebrać telefonu. Wysyłamy SMS. Prosimy na niego "
     "odpowiedzieć i napisać, co trzeba zrobić i na kiedy."},
    {Phrase::say_already_texted,
     "Tu {business}. Przepraszamy, znowu nie możemy odebrać telefonu. Wysłaliśmy już SMS. Prosimy na niego "
     "odpowiedzieć i napisać, co trzeba zrobić i na kiedy."},
    {Phrase::say_no_text,
     "Tu {business}. Przepraszamy, nie możemy teraz odebrać telefonu. Przekażemy właścicielowi, że Państwo "
     "dzwonili. Prosimy zadzwonić później."},
    {Phrase::say_generic_will_text,
     "Przepraszamy, nikt nie może teraz odebrać telefonu. Wysyłamy SMS. Prosimy na niego odpowiedzieć i "
     "napisać, co trzeba zrobić i na kiedy."},
    {Phrase::say_generic_already_texted,
     "Przepraszamy, nikt nie może teraz odebrać telefonu. Wysłaliśmy już SMS. Prosimy na niego odpowiedzieć i "
     "napisać, co trzeba zrobić i na kiedy."},
    {Phrase::say_generic_no_text,
     "Przepraszamy, nikt nie może teraz odebrać telefonu. Przekażemy, że Państwo dzwonili. Prosimy zadzwonić "
     "później."},
    {Phrase::say_texts_only,
     "Ten numer przyjmuje tylko SMS-y. Prosimy się rozłączyć i wysłać nam SMS. Do widzenia."},
    {Phrase::say_will_text_closed,
     "Tu {business}. Mamy teraz zamknięte. Wysyłamy SMS. Prosimy na niego odpowiedzieć i napisać, co trzeba "
     "zrobić i na kiedy."},
    {Phrase::say_will_text_busy,
     "Tu {business}. Jesteśmy zajęci do {time}. Wysyłamy SMS. Prosimy na niego odpowiedzieć i napisać, co "
     "trzeba zrobić i na kiedy."},
    {Phrase::say_no_text_voicemail,
     "Tu {business}. Przepraszamy, nie możemy teraz odebrać telefonu. Prosimy po sygnale podać nazwisko, numer "
     "telefonu i powiedzieć, co trzeba zrobić."},
    {Phrase::say_will_text_voicemail,
     "Tu {business}. Przepraszamy, nie możemy teraz odebrać telefonu. Wysyłamy SMS, na który można "
     "odpowiedzieć. Można też zostawić wiadomość po sygnale."},
    {Phrase::say_voicemail_thanks, "Dziękujemy. Przekażemy wiadomość. Do widzenia."},
    {Phrase::say_screen, "Klient dzwoni do {business}. Aby odebrać, proszę nacisnąć 1."},
    {Phrase::say_screen_missed, "Do widzenia."},
    {Phrase::say_fallback,
     "Przepraszamy, nie możemy teraz odebrać telefonu. Prosimy zadzwonić później albo wysłać SMS na ten numer. "
     "Do widzenia."},
    {Phrase::text_customer_intake,
     "{business}: przepraszamy za nieodebrany telefon. Prosimy odpisac, co trzeba zrobic i na kiedy."},
    {Phrase::text_failsafe,
     "Tu obsluga numeru {number}. Przepraszamy za nieodebrany telefon. Prosimy odpisac, co trzeba zrobic i na "
     "kiedy."},
    {Phrase::text_triage_reply,
     "Tu obsluga numeru {number}. Dziekujemy, mamy Panstwa wiadomosc i ja przekazujemy."},
    {Phrase::text_customer_intake_elsewhere,
     "{business}: przepraszamy za nieodebrany telefon. Prosimy napisac na {reply_to}, co trzeba zrobic i na "
     "kiedy."},
    {Phrase::text_failsafe_elsewhere,
     "Obsluga numeru {number}. Przepraszamy za nieodebrany telefon. Prosimy o SMS na {reply_to}: co zrobic i "
     "na kiedy."},
    {Phrase::text_customer_intake_late,
     "{business}: przepraszamy za nieodebrany wczesniej telefon. Prosimy odpisac, co zrobic i na kiedy."},
    {Phrase::text_failsafe_late,
     "Tu obsluga numeru {number}. Przepraszamy za nieodebrany wczesniej telefon. Prosimy odpisac, co zrobic i "
     "na kiedy."},
    {Phrase::text_customer_intake_late_elsewhere,
     "{business}: przepraszamy za nieodebrany wczesniej telefon. Prosimy o SMS na {reply_to}: co zrobic i na "
     "kiedy."},
    {Phrase::text_failsafe_late_elsewhere,
     "Obsluga numeru {number}. Przepraszamy za nieodebrany wczesniej telefon. SMS na {reply_to}: co zrobic i "
     "na kiedy."},
    {Phrase::text_customer_intake_closed,
     "{business}: przepraszamy, mamy teraz zamkniete. Prosimy odpisac, co trzeba zrobic i na kiedy."},
    {Phrase::text_customer_intake_busy,
     "{business}: przepraszamy, jestesmy zajeci do {time}. Prosimy odpisac, co trzeba zrobic i na kiedy."},
    {Phrase::text_job_confirmed, "{business}: dziekujemy, zapisalismy: {job}. Odezwiemy sie."},
    {Phrase::text_job_question, "{business}: dziekujemy. Co trzeba zrobic i gdzie?"},
    {Phrase::text_call_confirmed, "{business}: dziekujemy, przekazalismy prosbe o telefon."},
    {Phrase::text_passed_on, "{business}: dziekujemy, przekazalismy wiadomosc."},
    {Phrase::text_cancelled, "{business}: dobrze, dziekujemy za wiadomosc. Prosimy pisac w kazdej chwili."},
    {Phrase::text_danger, "{business}: {advice} Powiadamiamy wlasciciela."},
    {Phrase::text_emergency_advice,
     "W razie zagrozenia prosimy wyjsc i zadzwonic pod 112, a przy zapachu gazu takze pod 992."},
    {Phrase::text_accepted,
     "{business}: dobra wiadomosc, podejmiemy sie tego zlecenia. Odezwiemy sie, aby ustalic szczegoly."},
    {Phrase::text_declined, "{business}: przepraszamy, nie mozemy przyjac tego zlecenia. Dziekujemy za kontakt."},
    {Phrase::text_help,
     "{business}: piszemy, bo byl od Panstwa telefon lub SMS. Prosimy odpisac, co zrobic i na kiedy. "
     "Rezygnacja: odpisz STOP."},
    {Phrase::text_help_generic,
     "Tu obsluga numeru {number}. Prosimy odpisac, co trzeba zrobic i na kiedy. Rezygnacja: odpisz STOP."},
}};
static_assert(is_whole(lines));

}  // namespace

const Language& polish() {
  static constexpr Language language = {
      .lines = lines,
      .opt_out_line = " Rezygnacja: odpisz STOP.",
      .advice_elsewhere = "W razie zagrozenia prosimy wyjsc i zadzwonic pod {number}.",
      .sample_job = "cieknacy kran w kuchni"};
  return language;
}

}  // namespace jobrun
