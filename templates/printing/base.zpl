{% load zpl %}{# A label of 100 by 75 mm; on longer stock, such as 4 by 6 inches, it fills the upper end. Lengths are in mm. Every text goes through the filter zpl, every barcode through house_code. #}
^XA
^CI28
^PW{% mm 100 %}
^LL{% mm 75 %}
^LH0,0
^FWN
{% block label %}{% endblock %}
^XZ
