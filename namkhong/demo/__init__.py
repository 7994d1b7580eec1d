"""A made-up province for trying the portal: deterministic people, pledges, plans and reports on the real tree of units.

Rows are written in bulk, with the events that the real acts would have left. Everybody in it is marked `is_demo`.
"""
