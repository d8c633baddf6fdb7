// What jobs are called, and which of the jobs a text names is its topic.
#include "intake_topics.hpp"

#include <algorithm>
#include <array>

namespace jobrun::conversation {
namespace {

using enum Topic;
using enum Weight;

constexpr std::array rows = {
    TopicRow{boiler, above_all,
             "boiler, boilers, boyler, bolier, boiled is, boilr, combi, combi boiler, caldera, calderas, piec, "
             "pieca, piecyk, piecyka, piecyk gazowy, kociol, kotla, kotlem, chaudiere, chaudieres, centrala "
             "termica, centrala, caldaia, caldeira, gastherme, junkers, condensate pipe"},
    TopicRow{boiler, thing, "pilot, pilot light, gas pilot"},
    TopicRow{heating, room,
             "heating is fine, heating fine, heating works, heating works fine, heating is ok, heating ok, "
             "heating is on"},
    TopicRow{hot_water, room,
             "hot water is fine, hot water fine, hot water works, hot water ok, hot water is ok, rest of house "
             "has hot water, has hot water, have hot water"},
    TopicRow{hot_water, thing,
             "no hot water, no hot watter, hot water, hot watter, warm water, hotwater, water heater, water "
             "heaters, immersion, immersion heater, cylinder, hot water cylinder, hot water tank, tankless, "
             "geyser, megaflo, calentador, agua caliente, boiler electrico, termo, termo electrico, ciepla woda, "
             "cieplej wody, ciepla wode, goracej wody, bojler, podgrzewacz, eau chaude, chauffe eau, ballon d eau "
             "chaude, cumulus, warmwasser, warmes wasser, acqua calda, scaldabagno, scaldacqua, agua quente, "
             "esquentador, termoacumulador, apa calda, hot taps run cold"},
    TopicRow{
        heating, thing,
        "trvs, trv, bleed radiators, bleed the radiators, towel warmer, heat pump service, ac unit, air handler, "
        "ductwork, ducts, vents, condenser, boiler stat, gas heater, electric heater, electric radiators, heat "
        "exchanger, thermostats, hive, nest thermostat, wood burner chimney, heating, heeting, central heating, "
        "radiator, radiators, radaitor, rads, rad, rad valve, thermostat, thermostats, furnace, furnaces, "
        "furnance, gas fire, gas fires, fire in the lounge, the fire, stove, wood burner, log burner, wood stove, "
        "pellet stove, heat pump, heat pumps, heatpump, ac, a c, aircon, air con, air conditioner, air "
        "conditioning, air conditioning unit, hvac, storage heater, storage heaters, heater, heaters, no heat, no "
        "heating, heat, underfloor heating, ufh, towel rail, towel radiator, trv, nest, frost thermostat, mini "
        "split, baseboard, boiler and radiators, calefaccion, radiador, radiadores, aire acondicionado, estufa, "
        "termostato, ogrzewanie, ogrzewania, kaloryfer, kaloryfery, kaloryfera, grzejnik, grzejniki, grzejnika, "
        "kominek, klimatyzac*, pompa ciepla, chauffage, radiateur, radiateurs, poele, climatisation, clim, pompe "
        "a chaleur, heizung, heizkorper, riscaldamento, termosifone, termosifoni, condizionatore, stufa, "
        "aquecimento, aquecedor, ar condicionado, incalzire, calorifer, calorifere, caldura, flue"},
    TopicRow{toilet, thing,
             "flush, flushing, flusher, flushes, ballcock, ball cock, fill valve, wont flush, lid of the toilet, "
             "toilet, toilets, toliet, tiolet, tolet, loo, bog, john, wc, lavatory, lavvy, crapper, khazi, "
             "cistern, commode, saniflo, macerator, toilet seat, urinal, inodoro, retrete, vater, water closet, "
             "cisterna, poceta, toaleta, toalety, toalete, kibel, sedes, spluczka, spluczki, ubikacj*, muszla, "
             "toilettes, toilette, cuvette, chasse d eau, klo, spulkasten, toilette, gabinetto, sciacquone, "
             "sanita, autoclismo, privada, toaleta, bog seat, <toilet>"},
    TopicRow{tap, thing,
             "spout, kitchen mixer, basin tap, bath taps, garden tap, outdoor tap, bibcock, stand pipe, replace a "
             "washer, tap washer, new washer, washer on a, washer on the, hot water tap, no hot water tap, "
             "boiling water tap, hot tap, cold tap, tap, taps, mixer tap, outside tap, faucet, faucets, fawcet, "
             "faucett, fausset, spigot, hose bib, hosebib, mixer, monobloc, shut off tap, washer on a tap, grifo, "
             "grifos, llave del agua, canilla, kran, krany, kranu, kranem, bateria w, baterii, robinet, robinets, "
             "mitigeur, wasserhahn, wasserhahns, hahn, rubinetto, rubinetti, torneira, torneiras, robinetul, "
             "bateria chiuvetei, stop cock tap, kitchen tap, boiling water tap"},
    TopicRow{drain, thing,
             "smell from drain, smelly drain, u bends, rodding, cctv drain, grease trap, storm drain, catch "
             "basin, downstairs drain, drainage pipe, drain, drains, drainage, drane, sewer, sewage, sewerage, "
             "manhole, man hole, septic, septic tank, gully, soakaway, cesspit, soil pipe, soil stack, plughole, "
             "sink blocked, blocked sink, sink is blocked, sink waste, waste pipe, drain pipe, clogged sink, "
             "clogged drain, u bend, desague, desagues, alcantarilla, fosa septica, arqueta, canalizac*, odplyw, "
             "odplywu, kanalizacj*, studzienk*, szambo, scieki, evacuation, egout, egouts, fosse septique, "
             "canalisation bouchee, canalisations, siphon, abfluss, abfluss verstopft, kanal, gully, scarico, "
             "fogna, tombino, ralo, esgoto, canalizare, scurgere infundata, canal, aguas negras, bath plug hole"},
    TopicRow{
        drain, basin,
        "sink, sinks, basin, washbasin, hand basin, shower, showers, bath, bathtub, tub, fregadero, lavabo, "
        "ducha, banera, plato de ducha, pila, zlew, zlewu, zlewozmywak, umywalk*, prysznic, prysznica, wanna, "
        "wanny, brodzik, evier, lavabo, douche, baignoire, spule, waschbecken, dusche, badewanne, lavandino, "
        "lavello, doccia, vasca, pia, lava loica, chuveiro, banheira, chiuveta, dus, dusul, cada, <shower>"},
    TopicRow{
        electrics, thing,
        "dimmer, dimmer switch, led, leds, led strip, plug, plugs, earth, earthing, surge, tripped, no electrics, "
        "power, power socket, cooker point, meter board, pull cord, outdoor lights, garden lights, porch light, "
        "wall lights, pendant, fan light, light in, bulb, bulbs, usb socket, usb sockets, data cable, ethernet, "
        "landlord electrical, electrical certificate, extension lead, generator, phone charger, electric, "
        "electrics, electrical, electricity, electric supply, electrician, electician, electritian, elektrician, "
        "sparky, sparkie, sparks out, leccy, lekky, lecky, elec, socket, sockets, soket, sockit, plug socket, "
        "cooker socket, cooker circuit, cooker switch, outlet, outlets, outlet cover, switch, switches, light "
        "switch, fuse, fuses, fusebox, fuse box, fuse board, fuseboard, consumer unit, breaker, breakers, breaker "
        "panel, breaker box, electrical panel, panel upgrade, tripping, trips, trip switch, rcd, gfci, rewire, re "
        "wire, rewiring, wiring, wire, wires, cable, cables, light, lights, lighting, light fitting, light "
        "fixture, lights flicker, light bulb, spotlight, spotlights, downlight, downlights, chandelier, ceiling "
        "fan, flood lights, floodlights, flood light, floodlight, security light, security lights, emergency "
        "lighting, extractor fan, extractor, bathroom fan, ev charger, car charger, ev charge, tesla charger, "
        "charge point, charging point, power out, power cut, no power, lost power, power is out, no electric, no "
        "electricity, power gone, power keeps, smoke alarm, smoke alarms, smoke detector, smoke detectors, fire "
        "alarm, fire alarms, fire alarm panel, burglar alarm, burglar alarms, house alarm, alarm system, intruder "
        "alarm, co alarm to, co alarms to, carbon monoxide alarm fitted, carbon monoxide alarm, carbon monoxide "
        "detector, co alarm, co alarms, co detector, co detectors, doorbell, door bell, ring doorbell, flame "
        "effect electric fire, electric fire, electric shower, electric showers, shower pull cord, eicr, pat "
        "test, pat testing, solar, solar panels, generator hookup, hot tub needs a electric, meter tails, leccy "
        "meter, electric meter, telly socket, intercom, enchufe, enchufes, luz, luces, electricista, interruptor, "
        "interruptores, cuadro electrico, diferencial, cable, cables, apagon, electricidad, instalacion "
        "electrica, breker, lampara, corriente, toma de corriente, gniazdk*, elektryk*, elektrycz*, prad, pradu, "
        "swiatlo, swiatla, bezpiecznik*, korki, wlacznik*, kontakt, kontakty, przewod, instalacja elektryczna, "
        "lampa, lampy, lampe, prise, prises, electricite, electricien, electrique, tableau electrique, tableau, "
        "disjoncteur, disjoncte, interrupteur, lumiere, lampe, compteur electrique, panne de courant, courant, "
        "steckdose, steckdosen, strom, elektriker, sicherung, sicherungskasten, lichtschalter, licht, "
        "stromausfall, presa, presa elettrica, elettricista, corrente, luce, quadro elettrico, tomada, tomadas, "
        "eletricista, luz, disjuntor, quadro eletrico, priza, prize, electrician, curent, curentul, tablou "
        "electric, lumina, <plug>, <bolt>"},
    TopicRow{
        lock, thing,
        "latch, nightlatch, night latch, lock snapped, burgled, break in, broken into, safe to open, door wont "
        "unlock, lost the key, lost key, handle and lock, lock, locks, locked out, locked in, lockout, lock out, "
        "lockd out, locked myself out, locked us out, locked me out, locksmith, lock smith, key, keys, key "
        "snapped, key broke, deadbolt, dead bolt, yale, mortice, mortise, padlock, key stuck, front door key, "
        "keys inside, lost my keys, lost keys, door locked, locked the keys, rekey, re key, barrel, euro "
        "cylinder, lock barrel, door slammed, cerradura, cerraduras, cerrajero, llave, llaves, bombin, candado, "
        "cerrado fuera, zamek, zamka, zamki, klucz, klucze, kluczy, slusarz, slusarza, zatrzasn*, zatrzasniete, "
        "wkladka, serrure, serrures, serrurier, cle, cles, clef, clefs, porte claquee, claque la porte, enferme "
        "dehors, enfermee dehors, barillet, schloss, schlussel, schlusseldienst, ausgesperrt, ausgeschlossen, "
        "schlosser, serratura, chiavi, chiave, fabbro, chiuso fuori, fechadura, chave, chaves, serralheiro, "
        "trancado, broasca, yala, cheie, cheile, incuiat, <key>"},
    TopicRow{roof, thing,
             "leaking roof, chimney repointing, chimney pointing, valley, ridge, fascia boards, roof felt, loft "
             "window, velux leaking, porch roof, moss, gutter guards, tarp, lead valley, dormer, shed roof, "
             "garage roof, conservatory roof, roof, roofs, roofer, roofing, rooof, shingle, shingles, slate, "
             "slates, roof tile, roof tiles, tiles off roof, ridge tile, ridge tiles, gutter, gutters, guttering, "
             "guttring, downpipe, downpipes, downspout, downspouts, chimney, chimney stack, chimney pot, fascia, "
             "fascias, soffit, soffits, flashing, lead flashing, skylight leak, flat roof, felt roof, loft leak, "
             "tejado, techo gotea, tejas, teja, gotera, goteras, canalon, canalones, dach, dachu, dachowk*, "
             "rynna, rynny, rynne, toit, toiture, tuile, tuiles, ardoise, ardoises, gouttiere, gouttieres, "
             "couvreur, dachziegel, dachrinne, regenrinne, tetto, tegole, grondaia, telhado, telhas, caleira, "
             "acoperis, tigla, jgheab, water butt to be plumbed to the downpipe"},
    TopicRow{window, thing,
             "window sill, windowsill, sill, putty, blown seal, shop front, bay window, window lock, window "
             "handle, catflap in glass, lucarne, mosquitera, moskitiera, parapet okien, window, windows, windo, "
             "glass, glazing, double glazing, double glazed, glazier, pane, panes, sash, velux, skylight, window "
             "cleaner needed for pane, blind, blinds, smoked glass, conservatory, ventana, ventanas, vidrio, "
             "cristal, cristales, persiana, persianas, okno, okna, okien, szyba, szyby, roleta, rolety, fenetre, "
             "fenetres, vitre, vitres, volet, volets, volet roulant, store, double vitrage, carreau, fenster, "
             "scheibe, rollladen, rolladen, finestra, finestre, vetro, tapparella, janela, janelas, estore, "
             "persiana, geam, geamuri, fereastra, ferestre, termopan, shattered window, smashed window, <window>"},
    TopicRow{
        door, thing,
        "doorframe, french doors, french door, sliding door, conservatory door, cat door, door closer, doors "
        "sticking, puertas correderas, porte d entree, porte du garage, door, doors, dor, garage door, garage "
        "doors, shutter, shutters, roller shutter, fire door, fire doors, front door, back door, patio door, "
        "patio doors, upvc door, bifold, bifolds, bi folds, letterbox, letter box, cat flap, door handle, door "
        "frame, door hinge, hinge, shed door, internal door, internal doors, screen door, cat flap in, dog flap, "
        "puerta, puertas, garaje, drzwi, drzwiami, brama garazowa, porte, portes, porte de garage, tur, turen, "
        "garagentor, porta, porte interne, portao, usa, usi, usa de garaj, <door>"},
    TopicRow{
        appliance, thing,
        "beko, washer drum, spin cycle, oven door, oven element, fan oven, cooker element, hob ring, icemaker, "
        "deep freeze, chest freezer, vacuum, hoover, sewing machine, lawnmower repair, water dispenser, fridge "
        "light, washing machine, washing mashine, washin machine, washer, washer dryer, tumble dryer, tumble "
        "drier, tumbledryer, dryer, drier, dishwasher, dish washer, dishwashers, fridge, fridge door, frige, "
        "refrigerator, refridgerator, freezer, fridge freezer, oven, ovens, cooker, cookers, hob, hobs, gas hob, "
        "gas cooker, gas oven, gas stove, induction hob, range cooker, range, stove top, stovetop, cooktop, "
        "microwave, garbage disposal, disposal, insinkerator, ice maker, icemaker, appliance, appliances, kettle "
        "broken, cooker hood, extractor hood, coffee machine, wine cooler, lavadora, secadora, lavavajillas, "
        "lavaplatos, horno, nevera, frigorifico, refrigerador, heladera, cocina de gas, vitroceramica, "
        "microondas, pralka, pralki, pralke, pralce, suszarka, suszarki, zmywarka, zmywarki, zmywarke, lodowka, "
        "lodowki, lodowke, piekarnik, piekarnika, kuchenka, kuchenki, zamrazark*, machine a laver, lave linge, "
        "seche linge, lave vaisselle, four, frigo, refrigerateur, congelateur, plaque de cuisson, gaziniere, "
        "cuisiniere, plaques, waschmaschine, trockner, geschirrspuler, spulmaschine, kuhlschrank, backofen, herd, "
        "lavatrice, asciugatrice, lavastoviglie, forno, frigorifero, frigo, piano cottura, maquina de lavar, "
        "maquina de secar, frigorifico, fogao, geladeira, forno, masina de spalat, masina de spalat vase, "
        "frigider, cuptor, aragaz, oven clean up"},
    TopicRow{
        garden, thing,
        "strimming, strim, sod, mulch, overgrown, topsoil, gravel, greenhouse, rockery, weed killing, leaf "
        "blowing, gutters and leaves, snow clearing, snow removal, artificial grass, astroturf, lawn treatment, "
        "raised bed, garden path, steps in garden, koszenie trawy, garden, gardens, gardener, gardening, lawn, "
        "lawns, mow, mowing, mower, grass, hedge, hedges, hedge cutting, hedge trim, weeds, weeding, turf, "
        "turfing, patio, patios, paving, pavers, slabs, patio slabs, block paving, decking, deck, driveway, "
        "drive, landscaping, landscape, landscaper, yard work, yard cleanup, leaves, leaf, pond, pond pump, "
        "fountain, water feature, sprinkler, sprinklers, irrigation, flower beds, flowerbeds, bushes, shrubs, "
        "brambles, fire pit, planting, raised beds, jardin, jardines, jardinero, cesped, setos, seto, poda, "
        "terraza, ogrod, ogrodu, ogrodnik, trawa, trawnik, trawnika, trawe, koszenie, zywoplot, zywoplotu, kostka "
        "brukowa, jardin, jardinier, pelouse, tonte, tondre, haie, haies, terrasse, garten, rasen, rasenmahen, "
        "hecke, giardino, prato, siepe, jardim, relva, grama, gradina, iarba, gazon"},
    TopicRow{fence, thing,
             "fence, fences, fence panel, fence panels, fencing, fense, fencepost, fence post, fence posts, gate, "
             "gates, gate post, garden gate, driveway gate, electric gate, electric gates, railings, picket, "
             "trellis, valla, vallas, cerca, verja, porton, plot, plotu, ogrodzenie, ogrodzenia, furtka, brama, "
             "bramy, cloture, clotures, grillage, portail, portillon, zaun, gartentor, recinzione, cancello, "
             "staccionata, vedacao, portao, gard, gardul, poarta"},
    TopicRow{
        painting, thing,
        "magnolia, masonry paint, varnish, varnishing, woodwork, gloss work, primer, feature wall, spray painted, "
        "exterior paint, render painted, malowac, malowanie, rafraichir les murs, paint, painter, painters, "
        "painting, painted, repaint, repainted, repainting, redecorate, redecorating, decorate, decorated, "
        "decorating, decorator, decorators, wallpaper, wallpapering, wall papering, emulsion, gloss, undercoat, "
        "staining the, paint flaking, nursery to paint, pintar, pintor, pintura, empapelar, malowanie, malowania, "
        "pomalowac, malarz, malarza, tapety, tapetowanie, peindre, peinture, peintre, repeindre, papier peint, "
        "tapisserie, streichen, maler, tapezieren, anstrich, imbiancare, imbianchino, tinteggiare, verniciare, "
        "pintar, pintura, pintor, zugravit, vopsit, vopsea, zugrav"},
    TopicRow{
        plastering, thing,
        "hole in wall, hole in the wall, cracks in wall, cracks in the wall, crack in the wall, patch wall, dry "
        "lining, dot and dab, cornice, lath, ceiling crack, crack in ceiling, ceiling to skim, plaster, "
        "plastered, plastering, plasterer, plasterboard, plasterwork, skim, skimmed, skimming, reskim, "
        "reskimming, reskimmed, re skim, artex, drywall, dry wall, sheetrock, sheet rock, render, rendering, "
        "rendered, coving, stucco, plaster blown, yeso, yesero, enlucir, revoque, escayola, pladur, tynk, tynki, "
        "tynkowanie, gladz, gladzi, gladzie, platre, platrier, enduit, placo, platrerie, verputz, verputzen, "
        "putz, gips, intonaco, gesso, cartongesso, estuque, reboco, gesso, tencuiala, glet, rigips"},
    TopicRow{
        carpentry, thing,
        "squeaky floorboards, squeak, desk, bunk bed, bunk beds, bed frame, chest of drawers, bookshelf, "
        "bookshelves, drawers, pergola, summerhouse, garden room, oak floor, decking boards, mantel, mantelpiece, "
        "door casing, crown molding, trim work, window seat, fitted wardrobes, cot, crib, sliding wardrobe, "
        "carpenter, carpentry, joiner, joinery, shelf, shelves, shelving, shelfs, flooring, floorboard, "
        "floorboards, laminate, laminate floor, laminate flooring, hardwood floor, wood floor, wooden floor, "
        "lino, vinyl floor, skirting, skirtings, skirting boards, baseboards, stair, stairs, staircase, stair "
        "parts, banister, bannister, handrail, spindles, wardrobe, wardrobes, flat pack, flatpack, ikea, "
        "assemble, assembly, bookcase, cabinet, cabinets, baby gate, baby gates, stair gate, architrave, dado, "
        "decking joists, loft boarding, loft hatch, loft ladder, squeaky floor, creaky stair, beading, parquet, "
        "floor sanding, shed build, boxing in, carpintero, carpinteria, estante, estanteria, estantes, armario, "
        "tarima, parquet, muebles, mueble, stolarz, stolarza, polki, polka, polek, podloga, podlogi, panele, "
        "szafa, szafy, meble, schody, parkiet, menuisier, menuiserie, etagere, etageres, placard, meuble, "
        "meubles, plancher, escalier, armoire, tischler, schreiner, regal, regale, schrank, laminat, treppe, "
        "mobel, falegname, mensole, mensola, armadio, pavimento in legno, carpinteiro, prateleira, prateleiras, "
        "armario, soalho, tamplar, raft, rafturi, dulap, mobila, parchet"},
    TopicRow{tiling, thing,
             "tile, tiles, tiled, tiling, tiler, retile, re tile, retiled, retiling, regrout, re grout, grout, "
             "grouting, splashback, backsplash, floor tiles, wall tiles, azulejo, azulejos, baldosa, baldosas, "
             "alicatado, alicatar, plytki, plytek, kafelki, kafelek, kafelkow*, glazurnik, fugi, fugowanie, "
             "carrelage, carreleur, carreler, faience, joints de carrelage, fliesen, fliesenleger, piastrelle, "
             "piastrellista, mattonelle, azulejo, ladrilho, ladrilhos, mosaico, faianta, gresie"},
    TopicRow{
        bathroom, thing,
        "shower not working, shower cold, shower pressure, shower hose, shower valve, power shower, bath needs, "
        "cracked bath, basin cracked, cracked basin, cracked sink, shower tiles and tray, shower seat, bath lift, "
        "glass shower screen, shower glass, shower rail, shower bar, electric towel, new bathroom, bathroom "
        "fitter, bathroom refit, bathroom renovation, bathroom remodel, bathroom suite, new shower, walk in "
        "shower, shower screen, shower head, showerhead, shower tray, shower door, shower pump, shower mixer, "
        "shower enclosure, new bath, grab rail, grab rails, disabled toilet, wet room, wetroom, new ensuite, "
        "ensuite fitted, vanity unit, shower cubicle, bath panel, bath resealing, silicone, reseal, re seal, "
        "resealing, caulk, caulking, mira shower, cuarto de bano nuevo, reforma de bano, reforma del bano, "
        "reformar el bano, reforma bano, mampara, remont lazienki, remontu lazienki, nowa lazienka, kabina "
        "prysznicowa, salle de bain, salle de bains, cabine de douche, bad sanieren, neues bad, badsanierung, "
        "ristrutturazione bagno, rifare il bagno, bagno nuovo, box doccia, casa de banho nova, remodelar casa de "
        "banho, remodelar a casa de banho, baie noua, renovare baie, cabina de dus"},
    TopicRow{bathroom, room,
             "bathroom, bathrooms, ensuite, en suite, bano, banos, lazienka, lazienki, lazienke, badezimmer, "
             "bagno, casa de banho, banheiro, baie"},
    TopicRow{
        kitchen, thing,
        "kitchen sink and units, sink unit, kitchen doors, kitchen refurb, kitchen splash, breakfast island, "
        "granite top, quartz, new kitchen, kitchen fitter, kitchen refit, kitchen remodel, kitchen renovation, "
        "kitchen units, kitchen unit, kitchen cupboard, kitchen cupboards, kitchen cabinets, kitchen cabinet, "
        "kitchen drawer, kitchen drawers, worktop, worktops, work top, work surface, countertop, countertops, "
        "counter top, counter tops, kitchen island, kitchen install, kitchen fitting, cupboard door, cupboard "
        "doors, breakfast bar, plinth, cocina nueva, reformar la cocina, reforma de cocina, reforma de la cocina, "
        "encimera, blat, blatu, meble kuchenne, mebli kuchennych, nowa kuchnia, remont kuchni, plan de travail, "
        "cuisine equipee, nouvelle cuisine, refaire la cuisine, neue kuche, arbeitsplatte, cucina nuova, piano di "
        "lavoro, cozinha nova, bancada, bucatarie noua, blat de bucatarie, mobila de bucatarie"},
    TopicRow{kitchen, room,
             "kitchen, kitchens, cocina, kuchnia, kuchni, kuchnie, cuisine, kuche, cucina, cozinha, bucatarie"},
    TopicRow{
        cleaning, thing,
        "tidy, spring clean, hoovering, mopping, windows need doing, bins cleaned, office clean, office cleaning, "
        "stain on carpet, stains out, rug cleaned, sofa clean, sofa cleaned, mattress clean, gutter clear, airbnb "
        "clean, turnover clean, domestic help, clean, cleaner, cleaners, cleaning, cleaned, deep clean, end of "
        "tenancy clean, end of tenancy, oven clean, oven cleaning, oven cleaned, carpet clean, carpet cleaning, "
        "carpets cleaned, carpet cleaned, carpets need, window cleaner, window cleaning, windows cleaned, windows "
        "cleaning, clean windows, pressure wash, pressure washing, power wash, power washing, power washed, jet "
        "wash, jet washing, jet washed, chimney sweep, chimney swept, chimney sweeping, sweep the chimney, sweep, "
        "gutters cleaned, gutter cleaning, gutter clean, housekeeper, maid, shampoo, upholstery, sparkling clean, "
        "after builders, move out clean, ironing, limpieza, limpiar, limpiadora, sprzatanie, sprzatania, "
        "posprzatac, sprzataczka, mycie okien, pranie dywanow, czyszczenie, kominiarz, kominiarza, nettoyage, "
        "nettoyer, menage, femme de menage, ramonage, ramoner, ramoneur, laver les vitres, putzen, reinigung, "
        "reinigen, putzfrau, putzhilfe, fensterputzer, schornsteinfeger, pulizia, pulizie, pulire, spazzacamino, "
        "limpeza, limpar, curatenie, curatare"},
    TopicRow{pest, thing,
             "fox, foxes, flies, fly infestation, maggots, beetles, carpet beetle, birds nest, seagull, seagulls, "
             "gopher, gophers, chipmunk, bat in, earwigs, centipedes, scorpion, scorpions, crickets, ladybirds, "
             "droppings, scratching in the wall, scratching in the loft, scratching in, scurrying, pest, pests, "
             "pest control, mice, mouse, rat, rats, rodent, rodents, vermin, wasp, wasps, wasp nest, wasps nest, "
             "hornet, hornets, bee, bees, ant, ants, cockroach, cockroaches, roach, roaches, bed bug, bed bugs, "
             "bedbug, bedbugs, flea, fleas, mole, moles, squirrel, squirrels, pigeon, pigeons, termite, termites, "
             "woodworm, moth, moths, spider, spiders, raccoon, racoon, skunk under, possum, snake, bats, "
             "silverfish, infestation, exterminator, ratas, rata, raton, ratones, cucaracha, cucarachas, hormiga, "
             "hormigas, avispa, avispas, avispero, chinches, plaga, plagas, pulgas, myszy, mysz, szczur, szczury, "
             "karaluch, karaluchy, prusaki, osy, gniazdo os, szerszen*, mrowki, pluskwy, robaki, rats, souris, "
             "cafard, cafards, blattes, guepe, guepes, nid de guepes, frelon, frelons, fourmis, punaises, "
             "punaises de lit, taupes, puces, mause, ratten, ratte, wespen, wespennest, kakerlaken, ameisen, "
             "bettwanzen, topi, topo, ratti, scarafaggi, vespe, formiche, cimici, baratas, ratos, formigas, "
             "vespas, percevejos, soareci, sobolani, gandaci, viespi, furnici, plosnite, <rat>, <insect>"},
    TopicRow{
        vehicle, thing,
        "coolant, dead battery, wont turn over, wipers, headlight, headlights, bodywork, pickup truck, jeep, "
        "mercedes, vauxhall, audi a4, renault, peugeot, skoda, vw, volkswagen, hgv, trailer hitch, roadside, "
        "engine warning, clutch gone, exhaust blowing, silnik, rozrusznik, moteur, embrayage, motor del coche, "
        "moto, scooter wont, flat battery, dead battery in, car, cars, van wont, van wont start, my van, the van, "
        "truck, suv, tyre, tyres, tire, tires, flat tyre, flat tire, burst tyre, burst tire, puncture, brake, "
        "brakes, brake pads, clutch, gearbox, transmission, exhaust on, exhaust pipe, engine, oil change, mot, "
        "car battery, jump start, flat battery on, breakdown recovery, tow, towing, tow truck, wont start, shock "
        "absorber, shock absorbers, suspension, alternator, starter motor, radiator hose on my, windscreen, "
        "windshield, bumper, dent, scooter, motorbike, motorcycle, ford, fiesta, corsa, astra, golf, bmw, audi, "
        "toyota, honda, nissan, transit, focus, caravan, check engine, engine light, spark plugs, spark plug, "
        "timing belt, cambelt, cam belt, overheating on motorway, coche, carro, neumatico, neumaticos, llanta, "
        "llantas, frenos, bateria del coche, auto, samochod, samochodu, opona, opony, hamulce, akumulator, "
        "voiture, pneu, pneus, freins, batterie de voiture, crevaison, wagen, reifen, bremsen, autobatterie, "
        "macchina, gomma, gomme, freni, carro, pneu, pneus, travoes, masina mea, anvelope, frane, <car>"},
    TopicRow{removal, thing,
             "boxes to move, mattress, mattress collected, old sofa, sofa collection, fridge taken away, take to "
             "the dump, take to the tip, to the dump, to the tip, bulky waste, skip, storage, office move, "
             "student move, furniture delivery, furniture to move, transport mebli, gruz, removal, removals, "
             "removal men needed, move house, moving house, house move, moving home, movers, man and van, man "
             "with a van, man with van, man n van, house clearance, clearance, rubbish removal, junk removal, "
             "junk, haul, haul away, take away a, skip hire, tip run, dump run, waste removal, sofa to move, move "
             "a sofa, move a piano, piano move, piano moved, furniture moved, moving flat, moving apartment, "
             "moving apartments, moving out, moving to, help moving, storage unit move, shift a, mudanza, "
             "mudanzas, mudar, mudarme, przeprowadzka, przeprowadzki, przeprowadzke, przeprowadzce, wywoz, "
             "demenagement, demenager, demenageurs, demenageur, debarras, encombrants, umzug, umziehen, "
             "entrumpelung, trasloco, traslocare, sgombero, mudanca, mudancas, mutare, mutat, mut"},
    TopicRow{
        tree, thing,
        "prune, pruning, tree roots, canopy, sapling, willow, sycamore, oak, palm tree, palm, crown, fallen tree, "
        "hedge tree, palmera, tronco, tree, trees, tree surgeon, tree stump, stump, stumps, stump grinding, "
        "branch, branches, limb, oak tree, ash branch, conifer, conifers, leylandii, arborist, pollard, crown "
        "reduction, fell a, arbol, arboles, rama, ramas, drzewo, drzewa, drzew, galaz, galezie, pien, arbre, "
        "arbres, elagage, elaguer, branche, branches, souche, abattage, baum, baume, baumfallung, ast, albero, "
        "alberi, ramo, potatura, arvore, arvores, ramo, copac, copaci, creanga, <tree>"},
    TopicRow{
        other, thing,
        "printer, laptop, computer, pc, piano tuning, sofa repair, curtain rail, blinds, blind, demolition, "
        "structural, chimney removal, tv bracket, sky box, wall mount, wall mounted tv, photo frames, "
        "bricklaying, lintel, subsidence, steels, loft boarded, party wall, gas point moved, gas supply, gas "
        "check, smart meter, meter reading, radon, pool, swimming pool, hot tub, sauna, playset, trampoline, "
        "basketball hoop, letterbox post, mailbox, sign, signage, awning, pat dog, gas safety certificate, gas "
        "safety, gas certificate, landlord certificate, cp12, gas pipe, gas line, gas meter box, gas meter, gas "
        "barbecue, gas bbq, gas point, gas bottle holder, water pressure, low pressure, water meter, water "
        "softener, water filter, pipe knocking, banging pipes, knocking pipes, noisy pipes, pipe noise, lagging, "
        "pipe insulation, fireplace, fireplace surround, fire stick, fire extinguisher, fire extinguishers, fire "
        "escape, tv, tvs, telly on, tv on the wall, mount a tv, aerial, satellite dish, satellite, sky dish, "
        "cctv, camera, cameras, wifi, broadband, router, tanking, damp, damp proofing, damp course, rising damp, "
        "mould, mold, condensation, insulation, loft insulation, insulate, asbestos, brick, bricks, brickwork, "
        "bricklayer, repointing, pointing, wall repair, garden wall, retaining wall, concrete, concreting, "
        "scaffolding, scaffold, curtain, curtains, curtain pole, blinds fitting, picture, pictures, mirror, hang "
        "a picture, hang pictures, hang a mirror, survey, loft conversion, extension, garage conversion, builder, "
        "builders, handyman, odd jobs, odd job, small jobs, welding, knock down a wall, knock a wall, steel beam, "
        "humedad, aislamiento, ladrillo, albanil, antena, wilgoc, izolacja, murarz, antena, telewizor, humidite, "
        "isolation, macon, maconnerie, antenne, feuchtigkeit, schimmel, dammung, umidita, muffa, muratore, "
        "humidade, pedreiro, bolor, umezeala, mucegai, izolatie, zidar"},
    TopicRow{
        leak, weak,
        "leak, leaks, leaking, leaked, leek, leeking, leeks, lek, leakin, leaky, drip, drips, dripping, burst, "
        "burst pipe, burst pipes, pipe burst, pipe, pipes, pipework, stopcock, stop cock, stop tap, water coming, "
        "water pouring, water leaking, water everywhere, flood, flooding, flooded, floods, gushing, cellar, sump, "
        "sump pump, water, watter, wet patch, damp patch, puddle, tank, water tank, header tank, plumbing, fuga, "
        "fugas, fuga de agua, tuberia, tuberias, caneria, inundacion, inundad*, agua, fontaneria, llave de paso, "
        "gotea, cieknie, wyciek, przeciek, przecieka, przeciekaja, rura, rury, rure, woda, wody, wode, zalewa, "
        "zalalo, kapie, zawor, fuite, fuites, fuite d eau, fuit, tuyau, tuyaux, eau, inondation, degat des eaux, "
        "degats des eaux, vanne, coule, leck, undicht, rohr, rohrbruch, wasser, wasserrohrbruch, wasserschaden, "
        "tropft, tubo, tubi, perdita, perdita d acqua, acqua, allagamento, fuga de agua, cano, canos, vazamento, "
        "infiltracao, inundacao, scurgere, teava, tevi, apa, inundatie, instalator, <water>"},
};

bool is_within(const Span& span, const std::vector<Span>& places) {
  return std::ranges::any_of(
      places, [&](const Span& place) { return place.first <= span.first && span.last <= place.last; });
}

/// True where one of a sense's words stands within so many words of the span.
bool has_near(const Reading& reading, Sense sense, const Span& span, std::size_t words) {
  return std::ranges::any_of(reading.of(sense), [&](const Span& one) {
    return one.first < span.last + words && span.first < one.last + words;
  });
}

/// A sink is blocked, leaks or has something else.
TopicMark topic_of_basin(const Reading& reading, const TopicMark& mark) {
  constexpr std::size_t near = 7;
  const bool is_leak = has_near(reading, Sense::leak, mark.span, near) ||
                       has_near(reading, Sense::drip, mark.span, near) ||
                       has_near(reading, Sense::gush, mark.span, near) || reading.has(Sense::flood_itself);
  if (is_leak && !has_near(reading, Sense::sewage, mark.span, near)) return {leak, weak, mark.span};
  if (has_near(reading, Sense::blocked, mark.span, near)) return {drain, thing, mark.span};
  return {bathroom, weak, mark.span};
}

/// The things that a danger of this kind comes from: others only say where it is.
bool may_cause(Danger danger, Topic topic) {
  switch (danger) {
    case Danger::none:
      return true;
    case Danger::gas:
    case Danger::carbon_monoxide:
      return topic == boiler || topic == heating || topic == hot_water || topic == appliance;
    case Danger::fire:
      return topic == electrics || topic == boiler || topic == heating || topic == hot_water ||
             topic == appliance || topic == vehicle;
    case Danger::flooding:
      return topic == leak || topic == toilet || topic == tap || topic == drain || topic == appliance ||
             topic == hot_water || topic == boiler || topic == heating || topic == roof || topic == bathroom;
    case Danger::no_heating:
      return topic == boiler || topic == heating || topic == hot_water;
  }
  return true;
}

/// What a danger is about where no thing is named.
std::optional<Topic> topic_of_danger(Danger danger) {
  switch (danger) {
    case Danger::none:
    case Danger::gas:
    case Danger::carbon_monoxide:
      return std::nullopt;
    case Danger::fire:
      return electrics;
    case Danger::flooding:
      return leak;
    case Danger::no_heating:
      return heating;
  }
  return std::nullopt;
}

}  // namespace

std::span<const TopicRow> topic_rows() {
  return rows;
}

std::optional<TopicMark> find_topic(const Reading& reading, const std::vector<Span>& places, Danger danger) {
  std::optional<TopicMark> best;
  const bool is_shock = danger == Danger::fire && reading.has(Sense::shock_itself);
  for (TopicMark mark : reading.topics) {
    if (is_within(mark.span, places) || !may_cause(danger, mark.topic)) continue;
    if (mark.weight == basin) mark = topic_of_basin(reading, mark);
    if (mark.weight == room) {
      constexpr std::size_t near = 3;
      if (danger != Danger::none || !has_near(reading, Sense::fitting, mark.span, near)) continue;
    }
    // `electric shock` says what happened, not what to; and whatever it was, if it is no appliance, its wires are.
    if (is_shock && (mark.topic != appliance || is_within(mark.span, reading.of(Sense::shock_itself)))) continue;
    if (!best || mark.weight > best->weight) best = mark;
  }
  if (!best && topic_of_danger(danger)) best = TopicMark{*topic_of_danger(danger), weak, {}};
  return best;
}

}  // namespace jobrun::conversation
