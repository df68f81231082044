{% extends "printing/base.zpl" %}{% load i18n zpl %}{# printer_name, store_name, printed_at. The frame shows whether the label sits straight, the steps how sharp the head prints. #}
{% block label %}
^FO{% mm 2 %},{% mm 2 %}^GB{% mm 96 %},{% mm 71 %},{% mm 0.5 %}^FS
^FO{% mm 5 %},{% mm 6 %}^A0N,{% mm 9 %}^FH^FD{{ _("Test label")|zpl:20 }}^FS
^FO{% mm 5 %},{% mm 18 %}^A0N,{% mm 6 %}^FH^FD{{ store_name|zpl:34 }}^FS
^FO{% mm 5 %},{% mm 26 %}^A0N,{% mm 6 %}^FH^FD{{ printer_name|zpl:34 }}^FS
^FO{% mm 5 %},{% mm 34 %}^A0N,{% mm 5 %}^FH^FD{{ printed_at|date:"j M Y H:i"|zpl }}^FS
^FO{% mm 75 %},{% mm 6 %}^GB{% mm 4 %},{% mm 8 %},{% mm 4 %}^FS
^FO{% mm 81 %},{% mm 6 %}^GB{% mm 2 %},{% mm 8 %},{% mm 2 %}^FS
^FO{% mm 85 %},{% mm 6 %}^GB{% mm 1 %},{% mm 8 %},{% mm 1 %}^FS
^FO{% mm 88 %},{% mm 6 %}^GB{% mm 0.5 %},{% mm 8 %},{% mm 0.5 %}^FS
^FO{% mm 90.5 %},{% mm 6 %}^GB{% mm 0.25 %},{% mm 8 %},{% mm 0.25 %}^FS
{% include "printing/code128.zpl" with code="TEST-12345678" left=5 top=44 height=18 module=0.375 %}
^FO{% mm 5 %},{% mm 64.5 %}^A0N,{% mm 5 %}^FH^FDTEST-12345678^FS
{% endblock %}
