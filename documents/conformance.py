"""What makes a file claim PDF/A-3a and PDF/UA-1 together: archived as it is, and readable by a screen reader.

WeasyPrint writes one claim or the other. PDF/A allows the second only if the file describes it in an
extension schema (ISO 19005-3, 6.6.2.3.3), which is in the constant below.
"""

import re
from xml.sax.saxutils import escape

import pydyf

UA_CLAIM = """\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA part</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""

XMP = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdf:Producer>{producer}</pdf:Producer>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
{identifier}</rdf:Description>
{ua_claim}</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
PRODUCER = "Portail des fonds"
NOT_XML = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff]")


def xmp(title, identifier=""):
    """Return the metadata packet, as bytes, of a document that claims both standards."""
    told = f"<dc:identifier>{_said(identifier)}</dc:identifier>\n" if identifier else ""
    return XMP.format(title=_said(title), producer=PRODUCER, identifier=told, ua_claim=UA_CLAIM).encode()


def _said(text):
    return escape(NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text))


def claim(document, pdf, identifier=""):
    """Claim both standards in a WeasyPrint document (as its `finisher`), and give table headers a scope.

    The scope replaces the lists of header identifiers that WeasyPrint writes: it says as much for a plain
    grid, and files without identifiers can follow one another with nothing to rename.
    """
    title = document.metadata.title
    metadata = pydyf.Stream([xmp(title, identifier)], {"Type": "/Metadata", "Subtype": "/XML"})
    pdf.add_object(metadata)
    pdf.catalog["Metadata"] = metadata.reference
    if "AF" in pdf.catalog:
        # WeasyPrint lists each attachment twice.
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    pdf.info.clear()
    pdf.info.update(Title=pydyf.String(title), Producer=pydyf.String(PRODUCER))

    elements = {item.reference: item for item in pdf.objects if isinstance(item, pydyf.Dictionary)}
    for element in elements.values():
        if element.get("S") == "/TH":
            section = elements[elements[element["P"]]["P"]]
            element["A"]["Scope"] = "/Column" if section["S"] == "/THead" else "/Row"
            element.pop("ID", None)
        elif element.get("S") == "/TD":
            element["A"].pop("Headers", None)
