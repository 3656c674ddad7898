"""The promises under seeded faults: the functions that ship, in a world of fakes with its own time.

| module                                 | what is there                                          |
| -------------------------------------- | ------------------------------------------------------ |
| `kernel`                               | virtual time, and processes that wait at every call    |
| `faults`, `accidents`                  | what goes wrong, one list; what befalls a whole world  |
| `ports`, `queue`, `stream`, `schedules` | AWS, as it may behave                                 |
| `gateway`                              | the other side, and the record of every call           |
| `functions`, `world`                   | Carillon as it is deployed                             |
| `operators`, `client_operators`, `mailing_operators`, `asking` | what people do                 |
| `history`, `trace`                     | what happened                                          |
| `checkers`                             | who judges that record, knowing none of the above      |
| `planted`, `planting`                  | faults in our own code, which the checkers must find   |

`python -m tests.simulation --seed N` replays one seed with its trace, `--planted` hunts the planted
faults, `--coverage` says what of the engine is reached.
"""
