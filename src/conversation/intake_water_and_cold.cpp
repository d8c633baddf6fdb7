// The words of danger by water and by cold; and what is said when a danger is over.
#include <array>

#include "intake_vocabulary.hpp"

namespace jobrun::conversation {
namespace {

constexpr std::array rows = {
    SenseRow{Sense::water,
             "przecieka*, cieknie, kapie, goteras, rain, rainwater, leci, cae, coule, sewage, waste, water, "
             "watter, wata, warter, wter, waters, watr, agua, aguas, woda, wody, wode, eau, "
             "eaux, l eau, wasser, acqua, agua, apa, apei, cieknie, <water>"},
    SenseRow{Sense::pipe,
             "rad, rads, toilet pipe, pipe, pipes, pip, pipework, water pipe, main, mains, hose, hoses, tank, "
             "cylinder, water heater, joint, pushfit, push fit, coupling, compression fitting, compression joint, "
             "cold feed, radiator, valve, waterline, water line, supply line, tubo, tubos, tuberia, tuberias, "
             "caneria, canerias, cano, canos, manguera, rura, rury, rure, rurka, waz, wezyk, zawor, tuyau, "
             "tuyaux, canalisation, conduite, flexible, ballon, rohr, wasserrohr*, wasserleitung*, heizungsrohr, "
             "schlauch, tubatura, tubature, conducta, teava, tevi, furtun, mangueira, tubazione, tubi"},
    SenseRow{Sense::burst,
             "pete, petee, lache, lachee, flew off, flown off, let go, gave way, given way, gone bang, geplatzt, "
             "burst, bursts, bursted, bursting, brust, busrt, bust, ruptured, rupture, blown, blew, exploded, "
             "gone bang, sprung, popped off, came off, come off, came apart, come apart, blown off, reventad*, "
             "revento, reventaron, rompio, rompieron, roto, rota, estallo, pekla, pekl, peknie*, peknela, "
             "pekniet*, eclate, eclatee, eclater, casse, cassee, rompu, rompue, perce, percee, geplatzt, "
             "gebrochen, kaputt, rotto, rotta, scoppiato, scoppiata, rebentou, rebentad*, estourou, estourad*, "
             "furou, rompeu, spart, spart, sparta, crapat, crapata, plesnit"},
    SenseRow{
        Sense::gush,
        "stream of water, river of water, puking water, vomiting water, squelch*, puddles everywhere, water in "
        "the basement, water in my basement, water in our basement, water in basement, water in the cellar, water "
        "in cellar, water in my cellar, water in the hallway, water in the bedroom, water in the living room, "
        "water in the lounge, rain in the bedroom, rain in my bedroom, rain in the house, raining on, is a river, "
        "a river, прорвало, затопило, заливает, потоп, su basti, boru patladi, lekkage overal, llueve dentro, "
        "saliendo el agua, bleed screw came out, valve came out, bleed valve came out, spraying, sprayin, "
        "spraying water, coule de partout, mop it fast, mop it up fast, water flowing, water streaming, water "
        "running in, water rushing, like a lake, is a lake, a lake, swimming pool, wading, mop fast enough, "
        "erupting, erupted, full of water about, light full of water, bubble on ceiling, hammering down, out of "
        "the sockets, out of the plug sockets, out of the lights, come through the ceiling, came through the "
        "ceiling, water still running, water flowing, water blasting, blasting, rain coming in, rain is coming "
        "in, rain coming through, rain getting in, rain pouring, coming in through the roof, coming through the "
        "roof, line broke, main broke, water main broke, water coming into, water is coming, water getting "
        "everywhere, water all in, covered in water, covered with water, room full of water, kitchen full of "
        "water, bathroom full of water, basement full of water, cellar full of water, house full of water, garage "
        "full of water, hall full of water, puddle getting bigger, puddle is getting bigger, im standing in "
        "water, standing in water, buckets everywhere, bucket fills, bucket is filling, buckets full, buckets are "
        "full, bucket full every, emptying buckets, filling buckets, towels everywhere, river in, rivers of "
        "water, chucking out water, chucking water, throwing out water, dumping water, soaked through, pouring "
        "water, water in the electrics, water in the light, water in the lights, water in the fuse box, water in "
        "the socket, dripping on the fuse box, dripping onto the fuse box, dripping on the electrics, dripping on "
        "the socket, dripping into the light, into my apartment, into my flat, into our flat, into their flat, "
        "into the flat below, into the apartment below, from flat above, from the flat above, from upstairs flat, "
        "from the apartment above, il pleut dans, revient*, kapie mocno, wybilo szambo, szambo wybilo, gush, "
        "gushing, gushes, gushed, gushin, guishing, gusing, torrent, torrents, torrential leak, cascading, "
        "cascade, cascades, spurting, spurts, spurt, squirting, squirts, spouting, spewing, geyser of, fountain, "
        "waterfall, niagara, water fall, flooding, floods, flooded, flood, floding, flodding, floodin, flooing, "
        "deluge, inundated, swimming pool in, submerged, pissing out, pissing through, pissing down the, pissing "
        "everywhere, pissing in, pissing water, peeing out, jet of water, jets of water, wall of water, water "
        "everywhere, water all over, everywhere water, flying out, shooting out, shot out, bursting out, blasting "
        "out,  pouring, pours, pourin, pooring, poring, puring, poured, inunda*, inundac*, inundo, inundando, "
        "chorro, chorros, chorreando, a chorros, a borbotones, sale agua por todas, agua por todas partes, agua "
        "por todos lados, sale mucha agua, brota, zalewa, zalalo, zalalem, zalane, zalana, zalany, zalani, "
        "zalewamy, zalaniu, powodz, leje, lala sie, leje sie, leja, tryska, chlusta, sika woda, sika, woda "
        "wszedzie, wali woda, inonde, inondee, inondes, inondation, inonder, deborde, jaillit, jaillir, gicle, "
        "giclent, ruisselle, coule partout, partout de l eau, de l eau partout, eau partout, coule a flots, "
        "uberschwemm*, uberflut*, rohrbruch, wasserrohrbruch, wasserschaden, spritzt, sprudelt, schiesst, stromt, "
        "uberall wasser, wasser uberall, steht unter wasser, allaga*, allagat*, acqua dappertutto, acqua ovunque, "
        "acqua da tutte, zampilla, schizza, sgorga, inond*, alaga*, alagou, alagad*, agua por todo, agua por "
        "todos, agua por toda, jorra, jorrando, esguich*, inundat, inundatie, inundatii, inunda, apa peste tot, "
        "tasneste, curge peste tot, curge apa tare, sheeting in, sheeting down, soaked and still, whole "
        "downstairs is soaked, carpets are floating, furniture is floating, things are floating, ankle deep, knee "
        "deep, inches of water, inch of water, inches deep, feet of water, foot of water, deep in water, water up "
        "to, over my shoes, over my ankles, paddling, swamped, deluge, drenched, sodden carpet, carpets are "
        "soaked, carpet is soaked, carpet is squelching, jetting, squirt, squirts, squirting, squirted, spurt, "
        "spurts, spurting, pissing, gallons, litres of water, liters of water, tsunami, niagara, waterfall down, "
        "waterfall in, like a waterfall, like a fountain, fountain of water, geyser, хлещет, обрыв трубы, прорыв, "
        "прорвало трубу, fontanna wody, woda sie leje, woda tryska, agua a chorro, se esta inundando, nos "
        "inundamos, noyes, on est inondes, ca deborde, ca coule partout, water wont stop, water will not stop, "
        "water keeps coming, water is everywhere, water everywhere, floor is under, kitchen is under water, "
        "basement is under water, filling with water, filled with water, filling up with water, water is running "
        "out, water running out, running out under, encharcado, encharca, todo mojado, mokro wszedzie, turned "
        "into a stream, now a stream, kapie przez lampe, tap burst, outside tap burst, emergency leak, leak "
        "emergency, water emergency, emergency water, emergency pipe, pipe emergency, plumbing emergency, help "
        "water, water help, going everywhere, goes everywhere, is full of water, are full of water, got in the "
        "electrics, got into the electrics, in the electrics, sprinkler went off, sprinklers went off, dripping "
        "on my bed, dripping onto my bed, dripping on the bed, dripping on everything, dripping a lot, mixer "
        "exploded, tap exploded, tap has exploded, tap blew off, tap blew, tap flew off, tap came off, tap has "
        "come off, froze and burst, froze and split, frozen and burst, frozen and split, elbow has popped off, "
        "elbow popped off, elbow came off, line burst, line has burst, line popped off, hose popped off, fallen "
        "off the wall and, cant hold it back, mopping all night, mopping since, towels down, soaking everything, "
        "soaked everything, ruined everything, running through the house, through the whole house, whole house is "
        "wet, everything is wet, everything is soaked, everything soaked"},
    SenseRow{Sense::flow,
             "coming, comming, comes, came, cumming, comin, coming in, running, runs, runing, pour, leaking, "
             "leaks, leek, leeking, leakin, streaming, streams, dripping through, dripping thru, dripping from "
             "the, dripping out, dripping down the, dripping onto the electric*, drips through, gettin in, "
             "getting in, entering, seeping, raining, falling from, falling through, flowing, flows, flow, "
             "escaping, rushing, hitting, shooting, chucking, teeming, belting, flooding, cae, cayendo, sale, "
             "saliendo, entra, entrando, baja, filtra, filtrando, filtracion, leje, leci, wylewa, wyplywa, "
             "splywa, przecieka, przecieka*, wali, coule, coulent, couler, ruisselle, sort, tombe, infiltr*, "
             "traverse, lauft, fliesst, kommt, rinnt, esce, cola, scende, entra, sgocciola, perde, piove, sai, "
             "saindo, pinga, vaza, vazando, caindo, curge, picura, iese, vine, infiltreaza"},
    SenseRow{
        Sense::leak,
        "kapie, coule, gotea, leak, leaks, leaking, leek, leeking, leakin, leaked, lek, leaky, leck, fuga, fugas, "
        "fuite, fuit, przeciek*, cieknie, wyciek, perdita, vazamento, scurgere, undicht, gotera, goteras"},
    SenseRow{
        Sense::inside,
        "ceiling, ceilings, ceeling, cieling, celing, sealing, cealing, wall, walls, floor, floors, floorboards, "
        "light, lights, light fitting, light fittings, bedroom, kitchen, lounge, living room, hall, hallway, "
        "stairs, cellar, basement, carpet, flat above, upstairs, neighbour above, above, below, downstairs, "
        "neighbours, electrics, fuse box, fusebox, consumer unit, socket, sockets, plugs, house, room, bathroom, "
        "shop, techo, pared, paredes, piso, suelo, sotano, cocina, casa, vecino, vecinos, lampara, sufit*, "
        "scian*, podlog*, piwnic*, mieszkani*, sasiad*, pokoj*, kuchni*, lazienk*, plafond, mur, murs, sol, cave, "
        "cuisine, appartement, maison, voisin, voisins, salon, decke, wand, wande, boden, keller, wohnung, kuche, "
        "soffitto, muro, parete, pareti, pavimento, cantina, casa, cucina, teto, parede, chao, cozinha, vizinho, "
        "tavan, perete, pereti, podea, pivnita, bucatarie, vecin, vecini"},
    SenseRow{
        Sense::collapse,
        "collapse, collapsed, collapsing, colapsed, collapses, colapsing, collasping, caving, caved, cave in, "
        "caved in, coming down, came down, come down, falling, fallen, fell, falling in, fell in, bulging, bulge, "
        "bulged, sagging, sag, sags, bowing, bowed, bellying, ballooning, swelling, swollen, about to go, about "
        "to come, about to fall, about to collapse, gonna go, going to go, gonna fall, gonna come, going to come, "
        "giving way, gave way, giving in, drooping, buckling, gonna collapse, hanging down, dropping, dropped, se "
        "cae, cayendo, cayo, cediendo, desplom*, hundiendo, spada, wali sie, zawala*, zawali*, wybrzusz*, odpada, "
        "s effondr*, effondr*, tombe, tomber, gonfle, s ecroule, durchhangt, kommt runter, sturzt, crolla*, "
        "cedendo, gonfio, caindo, caiu, desab*, cade, cazut, cedeaza, comin down, comming down, cumin down, came "
        "thru, coming thru"},
    SenseRow{
        Sense::unstoppable,
        "wont turn off, wont turn it off, cant turn off, cant turn it off, cant turn the water, cant turn water, "
        "cant turn that, cant shut, cant stop, cant isolate, cant find the stopcock, cant find stopcock, cant "
        "find the valve, cant find the shut off, cant find where, cant get it off, cant get it to stop, cant get "
        "the water, cant seem to stop, cant make it stop, wont stop, wont shut, wont go off, wont switch off, "
        "cannot turn off, cannot turn the water, cannot turn it off, cannot stop, cannot shut, cannot find, "
        "couldnt turn off, couldnt turn it, couldnt stop, couldnt find, unable to turn off, unable to turn it, "
        "unable to turn the, unable to stop, unable to shut, will not turn off, will not stop, will not shut, "
        "doesnt stop, not stopping, isnt stopping, no way to stop, no stopcock, dont know where, dont know how to "
        "turn, dunno where, wheres the stopcock, where is the stopcock, where is stopcock, how do i turn, how to "
        "turn off, how do i stop, never stops, not slowing, keeps coming, still coming, cant hold, arent holding, "
        "isnt holding, not holding, cant keep up, cant cope, losing battle, no puedo cerrar, no se puede cerrar, "
        "no cierra, no para, no deja de, no puedo parar, no se como cerrar, nie moge zakrecic, nie da sie "
        "zakrecic, nie mozna zakrecic, nie moge zatrzymac, nie umiem zakrecic, nie potrafie zakrecic, nie "
        "przestaje, nie chce sie zakrecic, impossible de couper, impossible d arreter, impossible de fermer, "
        "arrive pas a couper, arrive pas a fermer, arrive pas a arreter, peux pas couper, peux pas fermer, s "
        "arrete pas, arrete plus, kann nicht abdrehen, nicht abstellen, nicht abdrehen, hort nicht auf, lasst "
        "sich nicht, non si ferma, non riesco a chiudere, non si chiude, nao consigo fechar, nao para, nao fecha, "
        "nu pot opri, nu se opreste, nu pot inchide, nu se inchide, snapped off, sheared off, broke off in my "
        "hand, came off in my hand, wont budge, seized solid, valve is stuck, tap is stuck, lever is stuck, "
        "stopcock is stuck, stopcock broke, stopcock snapped"},
    SenseRow{Sense::stopcock,
             "water, it at the main, main, mains, leak, agua, wody, woda, wode, eau, wasser, acqua, apa, watter, "
             "stopcock, stop cock, valve"},
    SenseRow{Sense::overflow,
             "overflow, overflowing, overflows, overflowed, overflown, overflowin, over flowing, overfowing, "
             "spilling over, coming over the top, running over, over the rim, over the top, brimming over, "
             "desborda*, rebosa*, przelewa*, wybija, wybilo, deborde*, debordent, debordent, lauft uber, "
             "uberlauft, ubergelaufen, trabocca*, transborda*, se revarsa"},
    SenseRow{Sense::basin,
             "toilet, toilets, toliet, loo, bog, john, bath, bathtub, tub, shower, sink, basin, cistern, tank, "
             "cylinder, washing machine, washer, dishwasher, water heater, boiler, drain, drains, loft, attic, "
             "header tank, floor drain, inodoro, bano, banera, lavabo, fregadero, lavadora, water, wc, tanque, "
             "calentador, toalet*, wann*, zlew*, kibel, ubikac*, sedes, pralk*, zmywark*, toilettes, baignoire, "
             "evier, douche, lave linge, lave vaisselle, chasse d eau, klo, toilette, badewanne, spule, "
             "waschmaschine, gabinetto, vasca, lavandino, lavatrice, bagno, sanita, banheira, maquina, toaleta, "
             "cada, chiuveta, masina de spalat"},
    SenseRow{Sense::outdoors,
             "outside wall, van, car, caravan, gutters, manhole, gutter, gutters, guttering, downpipe, garden, "
             "yard, patio, lawn, driveway, outside, field, pond, gully, skip, bin, bins, outdoor, outdoors, "
             "pavement, path, ditch, allotment, water butt, bike shed, car park, jardin, patio, ogrod*, rynn*, "
             "rynien, gouttiere, gouttieres, caniveau, garten, dachrinne, grondaia, jardim, gradina"},
    SenseRow{Sense::sewage,
             "toilet contents, human waste, brown water coming up, brown water comes up, loo water, sewage, "
             "sewerage, sewige, raw sewage, sewer, poo, poop, shit, crap, turds, faeces, feces, foul water, black "
             "water, waste water, toilet water, dirty water, excrement, aguas negras, aguas fecales, aguas "
             "residuales, heces, caca, scieki, sciekow, szambo, fekalia, gowno, eaux usees, merde, egout, egouts, "
             "eaux d egout, abwasser, fakalien, scheisse, fogna, liquami, esgoto, canalizare, canalizarea"},
    SenseRow{
        Sense::rising,
        "coming up, comes up, came up, come up, rising, rises, filling up, filling, filling fast, filled up, "
        "backing up, backed up, backs up, bubbling up, knee deep, ankle deep, ankle, ankles, knees, inches of "
        "water, inches deep, inch of water, inch deep, inches and, feet of water, foot of water, ft of water, cm "
        "of water, under water, underwater, standing water, all over, everywhere, up to my, up to the, emptying "
        "itself, emptying, emptied itself, empties itself, getting deeper, getting higher, sube, subiendo, subio, "
        "saliendo, sale, centimetros, llenando, llena, podnosi, wraca, cofa, wybija, wylewa, stoi, kostek, "
        "kostki, remonte, remontent, remontee, monte, refoule, cm d eau, chevilles, steigt, hoch, kommt hoch, "
        "zentimeter, knochel, sale, salgono, risale, subindo, sobe, voltando, creste, urca, glezne, iese"},
    SenseRow{
        Sense::lots,
        "partout, de partout, wszedzie, por todas partes, por todos lados, todas partes, uberall, dappertutto, "
        "ovunque, peste tot, por todo, importante, todo lado, badly, bad, fast, quickly, heavily, heavy, massive, "
        "massively, huge, major, serious, loads, loads of, lots, tons, like a tap, like a river, like crazy, like "
        "mad, like a waterfall, like hell, like a sieve, constantly, steady stream, continuous, full on, full "
        "force, high pressure, nonstop, non stop, rapidly, really bad, big, huge amount, everywhere, all over, "
        "mucha, mucho, muchisima, grande, fuerte, mocno, strasznie, duzo, strumieni*, beaucoup, fort, grosse, "
        "enorme, enormement, viel, stark, massiv, tanta, molta, forte, grossa, muita, muito, tare, multa"},
    SenseRow{
        Sense::gentle,
        "drip, drips, drippy, dripping slowly, slow, slowly, slight, slightly, tiny, small leak, small drip, "
        "little bit, little drip, little leak, a bit, minor, weep, weeping, weeps, bucket is, a bucket, the "
        "bucket, got a bowl, bowl, a pan, damp, stain, stained, occasional, occasionally, trickle of, dribble, "
        "odd drop, drop, drops, now and then, gotea, poco, gotita, cubo, cubeta, gota, kapie, troche, miska, "
        "wiadro, wiadrem, powoli, goutte, gouttes, un peu, seau, petite, lentement, tropft, eimer, ein bisschen, "
        "leicht, goccia, gocciola, secchio, pinga, balde, picura, galeata, not much, not bad, isnt bad"},
    SenseRow{Sense::ceiling,
             "tavan, ceiling, ceilings, celing, ceeling, cieling, techo, sufit*, plafond, decke, zimmerdecke, "
             "soffitto, teto, tavan"},
    SenseRow{Sense::indoors,
             "inside, in here, indoors, in the house, in the flat, in my house, in our house, in the living room, "
             "in the bedroom, in the lounge, in the front room, in my flat, in the apartment"},
    SenseRow{Sense::stuck,
             "stuck, seized, jammed, wont turn, wont budge, wont close, snapped, broken, cant find, snapped off, "
             "no puedo, nie moge, bloque*"},
    SenseRow{Sense::drip,
             "drip, drips, dripping, dripped, gotea, goteando, kapie, goutte, goutte a goutte, tropft, gocciola, "
             "pinga, picura"},
    SenseRow{Sense::dry,
             "came off the wall, off the wall, ant, ants, mice, mouse, wasps, wasp, bees, bee, flies, roaches, "
             "cockroaches, draught, draughts, draft, drafty, cold air, football, sunlight, spiders, birds, bird, "
             "pigeons, dry, no water, shower is only, only running, running cold, running hot, running slow, "
             "running on, running costs, runs out quickly, running out quickly"},
    SenseRow{Sense::drilled,
             "drilled, drill through, drilled through, drilled into, nailed, nail through, nail in, put a nail, "
             "put a screw, screw through, screwed through, hit a, hit the, cut through, cut into, sliced, "
             "pierced, punctured, perfore*, perforad*, przewierc*, przebil*, angebohrt, perce, percee, forato, "
             "furei, furou, split, ruptured, sheared, severed, came off, come off, popped off, popped out, "
             "popped, blew off, snapped, cracked, blown off"},
    SenseRow{
        Sense::stopped,
        "turned the water off, turned water off, turned off the water, turned off water, water is off, water is "
        "now off, water off now, waters off, water is turned off, water turned off, water is shut off, water shut "
        "off, shut the water off, shut water off, shut off the water, switched the water off, switched off the "
        "water, switched water off, turned it off, turned it all off, shut it off, turned off at, shut off at, "
        "isolated, have isolated, isolated it, isolated the water, capped it, capped off, stopcock off, stopcock "
        "is off, turned the stopcock off, turned off the stopcock, turned off stopcock, shut the stopcock, turned "
        "off the main, turned the main off, turned off the mains, shut off the main, turned the mains off, mains "
        "is off, main is off, its dry now, dry now, all dry, its dry, has stopped, its stopped, it stopped, "
        "stopped now, stopped itself, stopped leaking, stopped dripping, stopped coming, stopped pouring, stopped "
        "running, stopped on its own, have stopped, weve stopped, ive stopped it, now stopped, under control, no "
        "longer leaking, no longer pouring, no longer coming, not leaking any more, not leaking anymore, not "
        "leaking now, isnt leaking any more, isnt leaking anymore, he cerrado el agua, cerre el agua, cerramos el "
        "agua, cerre la llave, ya no sale, ya no gotea, agua cerrada, esta cerrada, zakrecilem, zakrecilam, "
        "zakrecil, zakrecone, zakrecona, zakrecony, woda zakrecona, juz nie leci, juz nie cieknie, juz nie leje, "
        "przestalo, j ai coupe l eau, j ai coupe, eau coupee, coupe l eau, eau est coupee, ai ferme l eau, ne "
        "coule plus, ne fuit plus, wasser abgestellt, abgedreht, abgestellt, tropft nicht mehr, acqua chiusa, ho "
        "chiuso l acqua, fechei a agua, agua fechada, am oprit apa, am inchis apa, apa oprita, for a sec, for a "
        "second, runs clear, run clear, mopped up, all mopped, cleared up, drained away, gone down now, water has "
        "gone, in case of, if it rains, when it rains, whenever it rains, when it rains hard, every time it "
        "rains, in heavy rain, stop it happening"},
    SenseRow{
        Sense::flood_itself,
        "fuite enorme, fuite importante, <flood>, burst pipe, burst pipes, pipe burst, pipe has burst, pipes "
        "burst, pipes have burst, pipes has burst, burst main, burst water main, burst water pipe, water pipe "
        "burst, burst tank, tank burst, burst hose, hose burst, burst radiator, radiator burst, burst cylinder, "
        "cylinder burst, burst boiler pipe, burst valve, busted pipe, bust pipe, pipe busted, pipe bust, pipe "
        "blew, blown pipe, pipe exploded, pipe has blown, pipe has gone, brust pipe, pipe brust, pipe popped, "
        "pipe ruptured, ruptured pipe, major leak, massive leak, huge leak, big leak, bad leak, serious leak, "
        "severe leak, enormous leak, leaking badly, leaking really badly, leaking really bad, leaking bad, "
        "leaking heavily, leaking everywhere, leaking all over, leaking loads, leaking fast, leaking like, heavy "
        "leak, water leaking everywhere, ceiling coming through, ceiling has come through, uncontrollable leak, "
        "uncontrolled leak, leak everywhere, awash, sprung a leak, wont stop leaking, cant stop the leak, cant "
        "stop the water, water wont stop, water is coming in, water coming in, water getting in fast, coming in "
        "fast, coming through fast, pouring in, pouring out, pouring through, pouring thru, pouring down the, "
        "pouring from, water running down, running down the wall, running down the walls, running down walls, "
        "running through the ceiling, running down the stairs, raining in, raining inside, raining in the, like a "
        "shower, like rain, like niagara, paddling, paddling pool, ankle deep, knee deep, inches of water, inch "
        "of water, under water, leaking through the ceiling, leaking thru the ceiling, leaking through ceiling, "
        "leaking into the flat below, leaking into downstairs, leaking into flat, flooding the flat, flooding "
        "downstairs, coming through to downstairs, through the ceiling, thru the ceiling, thru ceiling, through "
        "ceiling, through my ceiling, through our ceiling, thru my ceiling, through the kitchen ceiling, through "
        "the light, through the lights, thru the light, through the light fitting, dripping on the electrics, "
        "near the electrics, swimming in water, house is flooding, emptying down, emptying itself, emptying "
        "through, pekla rura, rura pekla, peknieta rura, pekniecie rury, tuyau eclate, tuyau a eclate, degat des "
        "eaux, degats des eaux, grosse fuite, enorme fuite, tuberia rota, tuberia reventada, tubo roto, tubo "
        "reventado, cano roto, caneria rota, tubo rotto, tubo rebentado, cano estourado, teava sparta, spart o "
        "teava, spart teava, <water> <water>, <alarm> <water>, <water> <alarm>, <water> help, help <water>"},
    // Cold
    SenseRow{Sense::heat,
             "heat, heating, heeting, heatin, heater, heaters, hot water, hot watter, hotwater, warm water, "
             "boiler, boilers, boyler, boilr, combi, furnace, furnance, radiators, rads, central heating, water "
             "heater, heat pump, storage heaters, immersion, thermostat, fire, stove, calefaccion, agua caliente, "
             "caldera, calentador, ogrzewanie, ogrzewania, kaloryfery, kaloryfer, grzejniki, ciepla woda, cieplej "
             "wody, ciepla wode, piec, pieca, piecyk, kociol, junkers, bojler, chauffage, eau chaude, chaudiere, "
             "radiateurs, heizung, warmwasser, warmes wasser, therme, boiler, riscaldamento, acqua calda, "
             "caldaia, aquecimento, agua quente, caldeira, esquentador, caldura, apa calda, centrala, incalzire, "
             "hvac, hvac system, heat pump, ac and heat"},
    SenseRow{
        Sense::broken,
        "no va, va mal, morte, mort, brocken, not wrking, not workng, not wrkin, fuera de servicio, nicht an, "
        "given up the ghost, broken, broke, brok, borken, brokn, dead, died, down, out, off, gone, packed up, "
        "packed in, packd up, gone off, went off, gone out, went out, gone down, cut out, cuts out, kaput, "
        "kaputt, knackered, nackered, not working, not workin, isnt working, isnt wrking, wasnt working, doesnt "
        "work, doesnt come on, stopped, stopped working, has stopped, failed, failing, fails, quit, quits, conked "
        "out, conked, given up, gave up, giving up, bust, busted, busted, buggered, fucked, on the blink, on the "
        "fritz, wont work, wont start, wont fire, wont light, wont come on, wont turn on, wont switch on, wont "
        "ignite, wont kick in, wont stay on, wont stay lit, not heating, not firing, not coming on, not come on, "
        "not turning on, not lighting, not on, isnt on, isnt coming on, isnt heating, shut down, shut off, locked "
        "out, tripping, faulty, fault, error, breakdown, broken down, broke down, no go, stone cold, only cold, "
        "blowing cold, running cold, is cold, gone cold, are cold, went cold, playing up, leaking, condemned, "
        "disconnected, not been working, kicked the bucket, bit the dust, pilot out, lockout, no funciona, no "
        "anda, no prende, no enciende, no arranca, no sirve, estropead*, averiad*, averia, rota, roto, se rompio, "
        "se dano, danad*, danada, apagad*, se apago, dejo de funcionar, nie dziala, nie dzialaja, nie grzeje, nie "
        "grzeja, nie wlacza, nie chce sie wlaczyc, zepsut*, zepsul*, padl, padla, padlo, awaria, awarie, wysiadl, "
        "wysiadlo, wysiadla, zgasl*, wylaczyl*, en panne, panne, hs, ne marche pas, ne marche plus, marche pas, "
        "marche plus, marchent plus, ne fonctionne pas, ne fonctionne plus, fonctionne plus, fonctionne pas, est "
        "mort, est morte, ne demarre, demarre plus, demarre pas, tombee en panne, lache, cassee, casse, arretee, "
        "ne chauffe plus, ne chauffe pas, chauffe plus, chauffe pas, funktioniert nicht, geht nicht, lauft nicht, "
        "ausgefallen, defekt, kalt, non funziona, non va, non parte, guasta, guasto, rotta, rotto, spenta, nao "
        "funciona, nao liga, avariou, avariad*, avariado, nao trabalha, quebrou, nu merge, nu porneste, nu "
        "functioneaza, nu mai merge, s a stricat, stricat, stricata, defecta, defect"},
    SenseRow{
        Sense::no_heat,
        "freezing in here, freezing inside, freezing indoors, freezing in the house, freezing in the flat, "
        "freezing in our, freezing in my, freezing house, freezing cold house, kids are freezing, we are "
        "freezing, were freezing, were all freezing, house is freezing, flat is freezing, cold in here, house is "
        "cold, flat is cold, house is so cold, baby is cold, baby cold, so cold in here, no warmth, no heat, no "
        "heating, no heatin, no heeting, no hot water, no hot watter, no hot, no hotwater, no heat or, no central "
        "heating, no boiler, no warm water, no hw, no ch, nae heating, nae heatin, nae hot water, without heat, "
        "without heating, without hot water, without any heat, without any heating, without a boiler, without a "
        "furnace, isnt any heat, isnt any heating, any heating, any hot water, any heat, dont have heat, dont "
        "have heating, dont have hot water, dont have any, lost heat, lost heating, lost our heating, lost all "
        "heating, lost the heating, lost hot water, lost our heat, lost all heat, zero heat, zero heating, not "
        "got heating, not got any heating, got no heat, heating isnt, heat isnt, heating not, heat not, heating "
        "wont, heat wont, heating doesnt, rads are cold, radiators are cold, radiators cold, rads cold, radiators "
        "stone cold, cold radiators, only cold water, cold water only, only got cold water, only have cold water, "
        "sin calefaccion, sin agua caliente, no tengo agua caliente, no hay agua caliente, no tenemos agua "
        "caliente, no tengo calefaccion, no hay calefaccion, no tenemos calefaccion, ni calefaccion, ni agua "
        "caliente, no sale agua caliente, solo agua fria, nie ma ogrzewania, brak ogrzewania, bez ogrzewania, nie "
        "mamy ogrzewania, nie mam ogrzewania, nie ma cieplej wody, brak cieplej wody, nie mam cieplej wody, nie "
        "mamy cieplej wody, bez cieplej wody, zimne kaloryfery, kaloryfery zimne, kaloryfery nie grzeja, zimna "
        "woda, plus de chauffage, pas de chauffage, sans chauffage, aucun chauffage, plus d eau chaude, pas d eau "
        "chaude, sans eau chaude, ni chauffage, ni eau chaude, keine heizung, ohne heizung, kein warmwasser, kein "
        "warmes wasser, kein heisses wasser, senza riscaldamento, senza acqua calda, non c e acqua calda, niente "
        "acqua calda, niente riscaldamento, non ho acqua calda, sem aquecimento, sem agua quente, nao tenho agua "
        "quente, nao ha agua quente, nao temos agua quente, fara caldura, fara apa calda, nu avem caldura, nu am "
        "caldura, n avem caldura, n am caldura, nu avem apa calda, nu am apa calda, n am apa calda, n avem apa "
        "calda, nu este caldura, nu e caldura, nie grzeje, nie grzeja, kaloryfery zimne, grzejniki zimne, see our "
        "breath in, can see our breath, can see my breath, house is like a freezer, house is a freezer, like a "
        "freezer in here, wont kick on, will not kick on, heating failure, heating has failed, heating has gone, "
        "heating gone, heating is gone, heating went, heat went out, heat is out, heat has gone, heat failure, "
        "boiler failure"},
    SenseRow{
        Sense::frail,
        "gave birth, given birth, maternity, c section, caesarean, premmie, prem, little un, littlun, eighty, "
        "ninety, seventy, eighties, nineties, bad chest, chesty, heart trouble, heart problems, hip op, broken "
        "hip, mnd, blue badge, hip replacement, knee op, post op, op last week, ill health, old folks, elders, "
        "kidney, autistic, autism, recovering, an op, ms, m s, preggo, care home, nursing home, residents, "
        "sheltered housing, young ones, enfant malade, enfants malades, pregnat, oxigen, ventalator, fragile, "
        "infirm, year old baby, 1 year old, 2 year old, 3 year old, 4 year old, 1 yr old, 2 yr old, 3 yr old, 4 "
        "yr old, 2yr old, 3yr old, 1yr old, 4yr old, 2 yo, 1 yo, 3 yo, one year old, two year old, three year "
        "old, 18 month old, baby, babies, babys, bby, babby, newborn, newborns, new born, newborm, nuborn, "
        "infant, infants, toddler, toddlers, little one, little ones, small child, small children, small kids, "
        "young child, young children, young kids, young baby, young family, tiny kids, twins, preemie, premature, "
        "prem baby, bub, bairn, wee one, weeks old, week old, wks old, wk old, months old, month old, mths old, "
        "mth old, mo old, mos old, days old, day old, elderly, eldery, elderley, elderlly, old age, oap, oaps, "
        "pensioner, pensioners, senior citizen, seniors, old lady, old man, old woman, old people, old folk, old "
        "couple, old mum, old mother, old dad, old father, in her eighties, in his eighties, in her nineties, in "
        "his nineties, in her 80s, in his 80s, in her 90s, in his 90s, in her 70s, in his 70s, frail, vulnerable, "
        "vunerable, nan, nans, nana, nanna, nannan, nanny, gran, granny, gran s, grandma, grandmother, grandmas, "
        "grandad, granddad, granda, grandpa, grandfather, grandparents, gramps, great aunt, pregnant, pregnent, "
        "pregant, preggers, expecting, due any day, disabled, disabeld, disability, handicapped, wheelchair, "
        "bedridden, bed bound, bedbound, housebound, paralysed, paralyzed, ill, sick, sick child, sick kid, sick "
        "wife, sick husband, unwell, poorly, chemo, cancer, hospital, hospice, oxygen, ventilator, nebuliser, "
        "nebulizer, asthma, asthmatic, copd, emphysema, pneumonia, bronchitis, flu, fever, dialysis, stroke, "
        "surgery, operation, transplant, heart condition, heart patient, heart attack, heart failure, sickle "
        "cell, cystic fibrosis, fibrosis, leukaemia, leukemia, kidney, tumour, lupus, seizures, epilepsy, blind, "
        "amputee, quadriplegic, tracheostomy, feeding tube, arthritis, ms sufferer, multiple sclerosis, "
        "parkinsons, alzheimers, dementia, immune, immunocompromised, terminally, palliative, special needs, "
        "carer, cerebral palsy, down syndrome, downs, epileptic, diabetic, lung, lungs, medical, bebe, bebes, "
        "bebito, recien nacid*, recien nacido, nino pequeno, nina pequena, ninos pequenos, hijo pequeno, hija "
        "pequena, nene, meses, anciano, anciana, ancianos, persona mayor, personas mayores, abuela, abuelo, "
        "abuelos, embarazada, enferm*, discapacitad*, minusvalid*, silla de ruedas, oxigeno, hospital, niemowl*, "
        "noworod*, male dziecko, malym dzieckiem, malego dziecka, male dzieci, malymi dziecmi, malenk*, dzidziu*, "
        "bobas*, dziecko, dzieckiem, dziecka, miesiecz*, miesiac*, babcia, babci, babcie, dziadek, dziadka, "
        "dziadkowie, starsz*, staruszk*, stara matka, w ciazy, ciezarn*, ciaza, chora, chory, chore, chorego, "
        "chorym, niepelnospraw*, wozku, szpital*, tlen, bebe, nouveau ne, nouveau nee, nourrisson, enfant en bas "
        "age, enfants en bas age, jeune enfant, petit enfant, petits enfants, jumeaux, mois, personne agee, "
        "personnes agees, agee, grand mere, grand pere, mamie, papi, papy, enceinte, malade, malades, handicap*, "
        "fauteuil, oxygene, hopital, baby, saugling, neugeboren*, kleinkind*, kleines kind, oma, opa, "
        "grossmutter, schwanger, krank, behindert, rollstuhl, neonat*, bambino piccolo, bambina piccola, bimbo, "
        "bimba, bambino, bambina, mesi, anziana, anziano, anziani, nonna, nonno, incinta, malat*, disabil*, recem "
        "nascid*, crianca pequena, crianca, criancas pequenas, idos*, avo, avos, gravida, doente, deficiente, "
        "bebelus*, bebe, nou nascut, copil mic, copii mici, copil, batran*, bunica, bunicul, bunici, insarcinata, "
        "gravida, bolnav*, <baby>, <frail>, <ill>, little girl is, little boy is, weeks old, months old, week "
        "old, month old, nursery, preschool, daycare, kindergarten, care home, nursing home, sheltered housing, "
        "hospice, residents, 20 kids"},
    SenseRow{Sense::family,
             "mum, mums, mom, moms, mam, mother, mother in law, dad, dads, father, parents, wife, husband, "
             "neighbour, neighbor, aunt, auntie, uncle, lady, man, woman, she, shes, he, hes, her, his, who, "
             "tenant, client, resident, customer, im, i, we, were, both, madre, mama, padre, papa, mi, vecina, "
             "tiene, mere, maman, pere, voisine, a, matka, mama, mame, ojciec, tata, tate, sasiadka, ma, mutter, "
             "vater, mutti, er, sie, mae, pai, mamma, tem, are, is, aged, age, nearly, almost, over"},
    SenseRow{
        Sense::freezing,
        "cant feel my, cant feel our, teeth chattering, hands are blue, north pole, alaska, sleeping in coats, "
        "sleeping in our coats, sleeping in hats, ski gear, colder than outside, warmer outside, hats and coats, "
        "coats and hats, gloves on, frost on the inside, frost inside, seeing our breath, watching our breath, "
        "freezing, freezin, freezeing, freeezing, frezing, freezing cold, freezing in here, frozen, froze, pipes "
        "freeze, gonna freeze, going to freeze, will freeze, freeze, minus, 5 below, 10 below, degrees below, "
        "below out, below outside, below zero, sub zero, subzero, below freezing, negative, see our breath, see "
        "my breath, see your breath, can see breath, see breath, breath in the air, baltic, arctic, artic, "
        "siberia, ice on, ice inside, iced up, icicles, icy, perishing, bitter cold, bitterly cold, bitter, "
        "frostbite, hypothermia, hypothermic, shivering, shiver, turning blue, blue with cold, like a fridge, "
        "like an igloo, igloo, like a freezer, like an icebox, ice box, icebox, brass monkeys, nippy, freezing to "
        "death, freezing our, freezing my, freezing here, wearing coats, in our coats, coats on, in coats, under "
        "blankets, so cold, very cold, really cold, too cold, dead cold, frio, mucho frio, congela*, helad*, "
        "helando, bajo cero, hiela, zimno, zimnica, lodowato, mroz, mrozu, zamarza*, zamarz*, marzn*, minus, "
        "gele, geler, gelons, gelees, il gele, glacial, glaciale, tres froid, grand froid, fait froid, froid, "
        "caille, degres, eiskalt, friere*, frieren, frierend, gefrier*, minusgrade, frost, gelo, gelido, freddo, "
        "si gela, gelando, congelando, frio, muito frio, ger, inghet, inghetam, foarte frig, frig, <freezing>"},
};

}  // namespace

std::span<const SenseRow> water_and_cold_rows() {
  return rows;
}

}  // namespace jobrun::conversation
