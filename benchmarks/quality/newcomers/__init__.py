"""Markets by somebody who had seen no rule of ours, only the trade's tables and what is known of who shares what.

`make(seed, accounts, **shape)` gives the tables and the truth; the same seed, size and shape give the same market. 20,000 accounts take
some 12 seconds. Truth is one row an account: `account`, `person` (who controls it at the end), `ring` (every abuser has one, a lone one a
ring of one), `abuser`, `reason` (of innocents), `behaviour`, `group` (household or crowd), `careful`, `person_before` (of bought and rented
accounts), `slips` (what a careful operator left behind) and `bought_reviews`. The victim of a takeover keeps its owner as `person`. In a
crew the persons differ and the ring is one. Of pairs of one careful person 15 % (referral, testers), 40 % (comeback) or 80 to 95 % (farms,
refunds) share nothing that at most 25 accounts have: full recall is impossible.

**Shape** (`plans.SHAPE`): the share of abuse (`prevalence`), of careful operators, households, innocent crowds (`places`, times
`lookalikes`), mobile and shared carrier addresses, VPN, IPv6, dirt; countries, days, missing tables and columns (`missing`), tables whose
times have lost their zone though they are UTC (`naive`), exports joined twice, one table of identifiers alone, second accounts, recycled
numbers, resold handsets, how ids are written, and the weights of the trades of abuse.

**Ordinary people** log in from twice in all to daily, at their own hours and in their own zone. 8 % have two phones, 7 % change number (the
old one goes back to the pool after 46 days), 6 % get a new card, 10 % move house, 12 % buy a new handset. Half of the home lines are fixed;
carriers share 6 + N/400 addresses a town. Cookies are cleared every 30 to 400 days. Names come in two surnames, with particles,
patronymics, initials, nicknames, in capitals, transliterated, as firms, or married. 0.6 % are wrongly punished or reported, over half of it
undone.

**Households**: couples 35, families 20, flatmates 17, siblings 6, helped parents 6, namesakes 5, mother and daughter of one initial 5,
separated couples 5, three generations 4. They share home line and address, a tablet (35 %), a card (40 %), a landline (18 %), a mailbox
(8 %).

**Crowds** (`plans.CROWDS`): office, coworking, franchise, campus, shelter, family business, church, library, phone shop, re-entry office,
courier house, agency, call centre, care home, landlord, company card, payroll agent, mail agent, public Wi-Fi, hostel, trade school, union
hall.

**Abuse** (`plans.CRIME`): comebacks after a removal, lone operators, bought or rented accounts, lead refunds, farms of one and of a crew,
referral farms, chains in which each two neighbours share another single thing, card testers, aged rings, mules, insiders. Careful operators
change name, phone, mailbox, device, card, bank and network, and slip 0, 1, 2 or 3 times (20, 35, 30, 15 %). 38 % of rings lean on an
innocent: live with one, use the Wi-Fi, phone or card of one. Caught in the end: 60 % of the careless, 30 % of the careful.

**Dirt** at its default touches a few rows in a hundred: placeholders, spreadsheet damage, typo domains, internal addresses, lost zeros,
impossible dates, padded ids, ghosts, copies. Kinds of networks are unknown for 12 %, and half of the business lines are called residential.

**Where**: `world` is what a market is kept in while it is made, `people` and what they carry (`networks`, `devices`, `phones`, `addresses`,
`wallet`) go into `accounts` (`opening`, `rows`); `innocents` (`crowds`, `households`) and `abusers` (`operators`, `comebacks`, `farms`,
`series`, `handovers`, `lending`) open them; `tables` adds what happens day by day (`logins`, `jobs`, `payments`, `talk`), `exports` and
`dirt` write it down as teams get it, `truth` beside it.
"""

from benchmarks.quality.newcomers.market import make
from benchmarks.quality.newcomers.shapes import LEAST, SHAPES

__all__ = ["LEAST", "SHAPES", "make"]
