{% extends "printing/base.zpl" %}{% load i18n zpl %}{# store_name, order_number, customer_short_name, bin_code, label_code (F-12), method (counter or curbside), bags ("1 of 2"), ready_at and collect_by (aware datetimes). Each row is as wide as its longest text. #}
{% block label %}
^FO0,0^GB{% mm 100 %},{% mm 10 %},{% mm 10 %}^FS
^FO{% mm 3 %},{% mm 2 %}^FR^A0N,{% mm 7 %}^FH^FD{% if method == "curbside" %}{{ _("CURBSIDE")|zpl:18 }}{% else %}{{ _("COUNTER")|zpl:18 }}{% endif %}^FS
^FO{% mm 60 %},{% mm 2 %}^FR^FB{% mm 37 %},1,0,R^A0N,{% mm 7 %}^FH^FD{{ bags|zpl:12 }}^FS
{% with length=bin_code|length %}
^FO{% mm 3 %},{% mm 12 %}^A0N,{% if length <= 6 %}{% mm 24 %},{% mm 25 %}{% elif length <= 10 %}{% mm 24 %},{% mm 15 %}{% elif length <= 16 %}{% mm 20 %},{% mm 9.5 %}{% else %}{% mm 16 %},{% mm 6.5 %}{% endif %}^FH^FD{{ bin_code|zpl:24 }}^FS
{% endwith %}
^FO{% mm 3 %},{% mm 35 %}^A0N,{% mm 10 %}^FH^FD{{ customer_short_name|zpl:18 }}^FS
^FO{% mm 3 %},{% mm 46 %}^A0N,{% mm 6.5 %}^FH^FD{{ order_number|zpl:28 }}^FS
^FO{% mm 3 %},{% mm 53 %}^GB{% mm 94 %},{% mm 0.4 %},{% mm 0.4 %}^FS
{% include "printing/code128.zpl" with code=label_code left=5 top=55 height=13 module=0.375 %}
^FO{% mm 5 %},{% mm 69.5 %}^A0N,{% mm 4 %}^FH^FD{{ label_code|zpl:24 }}^FS
^FO{% mm 45 %},{% mm 55.5 %}^FB{% mm 52 %},1,0,R^A0N,{% mm 4 %}^FH^FD{{ _("Ready")|zpl:10 }} {{ ready_at|date:"D j M H:i"|zpl:16 }}^FS
^FO{% mm 45 %},{% mm 61 %}^FB{% mm 52 %},1,0,R^A0N,{% mm 4 %}^FH^FD{{ _("Collect by")|zpl:12 }} {{ collect_by|date:"D j M"|zpl:14 }}^FS
^FO{% mm 45 %},{% mm 69.5 %}^FB{% mm 52 %},1,0,R^A0N,{% mm 4 %}^FH^FD{{ store_name|zpl:24 }}^FS
{% endblock %}
