"""What makes a file fit for an archive (ISO 19005-3, level B) and declares it readable by everyone
(ISO 14289-1): colours that are defined, metadata, and the data that the page was made from, attached."""

import hashlib
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from PIL import ImageCms

from trainer.core.pdf.objects import name, put, stream, text


@dataclass(frozen=True)
class Attachment:
    """A file that goes inside the document: what the page says, as data for machines."""

    name: str
    data: bytes = field(repr=False)
    mimetype: str
    description: str


_EXTENSION = """<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
_METADATA = (
    """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{creator}</xmp:CreatorTool>
<xmp:CreateDate>{made}</xmp:CreateDate>
<xmp:ModifyDate>{made}</xmp:ModifyDate>
<pdf:Producer>{producer}</pdf:Producer>
<pdf:Keywords>{keywords}</pdf:Keywords>
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
"""
    + _EXTENSION
    + """</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
)


@lru_cache(maxsize=1)
def _srgb() -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return stream("/N 3 /Filter /FlateDecode", zlib.compress(profile, 9))


def archive_entries(document: Any, language: str, attachment: Attachment | None) -> dict[str, bytes]:
    """Adds to a reportlab document what an archive needs; returns the entries for its catalog."""
    entries = {
        "Metadata": b"%d 0 R" % put(document, _metadata(document, language)),
        "OutputIntents": b"[<</Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) "
        b"/Info (sRGB IEC61966-2.1) /RegistryName (http://www.color.org) /DestOutputProfile %d 0 R>>]"
        % put(document, _srgb()),
    }
    if attachment is not None:
        held = b"%d 0 R" % _attached(document, attachment)
        entries["AF"] = b"[%s]" % held
        entries["Names"] = b"<</EmbeddedFiles <</Names [%s %s]>>>>" % (text(attachment.name).encode(), held)
    return entries


def _metadata(document: Any, language: str) -> bytes:
    info = document.info
    made = datetime.fromtimestamp(int(document._timeStamp.t), UTC)
    words = {
        "title": info.title,
        "author": info.author,
        "subject": info.subject,
        "language": language,
        "creator": info.creator,
        "producer": info.producer,
        "keywords": info.keywords,
        "made": made.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    xml = _METADATA.format(**{key: escape(value) for key, value in words.items()})
    # Never compressed, so that a catalogue can read it without reading PDF.
    return stream("/Type /Metadata /Subtype /XML", xml.encode())


def _attached(document: Any, attachment: Attachment) -> int:
    made = datetime.fromtimestamp(int(document._timeStamp.t), UTC).strftime("D:%Y%m%d%H%M%SZ")
    checksum = hashlib.md5(attachment.data, usedforsecurity=False).hexdigest()
    file = put(
        document,
        stream(
            f"/Type /EmbeddedFile /Subtype {name(attachment.mimetype)} /Filter /FlateDecode "
            f"/Params <</Size {len(attachment.data)} /ModDate ({made}) /CheckSum <{checksum}>>>",
            zlib.compress(attachment.data, 6),
        ),
    )
    called = text(attachment.name)
    return put(
        document,
        f"<</Type /Filespec /F {called} /UF {called} /Desc {text(attachment.description)} "
        f"/AFRelationship /Data /EF <</F {file} 0 R /UF {file} 0 R>>>>".encode("latin-1"),
    )
