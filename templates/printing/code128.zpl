{% load zpl %}{# code, left, top, height, and module, the narrowest bar's width. Mode A: the printer packs digits in pairs. #}
^FO{% mm left %},{% mm top %}^BY{% mm module %}^BCN,{% mm height %},N,N,N,A^FD{{ code|house_code }}^FS
