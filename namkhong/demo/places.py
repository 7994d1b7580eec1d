"""Units of the demo province that are never left to chance: taken in first, with so many people at least."""

# Where the printed accounts of everyday roles are at home.
WARD, SCHOOL, WARD_DIVISION = "hue-2025:19774", "demo:19774:th-19774", "demo:19774:vhxh"
HOME_AFFAIRS, HOME_AFFAIRS_DIVISION = "hue-agency:SNV-2025", "demo:SNV-2025:p0"
OTHER_COMMUNE = "hue-2025:20044"
# Where posts are held in other ways than by their holder, and people in other ways than by staying.
EDUCATION, HEALTH, INSPECTORATE = "hue-agency:SGDDT", "hue-agency:SYT", "hue-agency:TTTP"
CONSTRUCTION, LEADERLESS = "hue-agency:SXD-2025", "hue-2025:20122"
ACTING_SCHOOL, HEALTH_STATION = "demo:20107:th-20107", "demo:20107:tyt"
MERGING_SCHOOLS = ("demo:20107:th-20134", "demo:20107:th-20149")
COMMUNE_OF_CASES = "hue-2025:20107"

CHOSEN = {
    SCHOOL: 12,
    WARD_DIVISION: 4,
    HOME_AFFAIRS_DIVISION: 4,
    ACTING_SCHOOL: 8,
    MERGING_SCHOOLS[0]: 7,
    MERGING_SCHOOLS[1]: 6,
    HEALTH_STATION: 4,
}
KEPT = frozenset(
    {WARD, HOME_AFFAIRS, OTHER_COMMUNE, EDUCATION, HEALTH, INSPECTORATE, CONSTRUCTION, LEADERLESS}
    | {COMMUNE_OF_CASES, *CHOSEN}
)
