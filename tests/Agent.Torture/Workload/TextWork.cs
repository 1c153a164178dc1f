using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using System.Xml.XPath;

namespace Agent.Torture.Workload;

/// <summary>Strings, numbers, dates, encodings, addresses and XML: formatted, parsed, compared, and wrong.</summary>
static class TextWork
{
    static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static void Run(Transcript to)
    {
        Strings(to);
        Numbers(to);
        Dates(to);
        Encodings(to);
        Xml(to);
    }

    static void Strings(Transcript to)
    {
        to.Section("text");
        const string text = "The quick brown fox jumps over the lazy dog; ÄÖÜ ß 漢字 😀";
        to.Add("case", text.ToUpperInvariant() + text.ToLower(Culture));
        to.Add("search", $"{text.IndexOf("fox", StringComparison.Ordinal)} {text.LastIndexOfAny(['o', 'x'])} {text.Contains("LAZY", StringComparison.OrdinalIgnoreCase)} {text.AsSpan().IndexOfAnyExceptInRange('A', 'z')}");
        to.Add("change", text.Replace("o", "00", StringComparison.Ordinal).Remove(3, 4).Insert(2, "-").PadLeft(90, '.').Trim('.').Substring(5, 20));
        to.Add("split", text.Split([' ', ';'], StringSplitOptions.RemoveEmptyEntries));
        to.Add("join", string.Join('|', text.EnumerateRunes().Select(rune => rune.Value).TakeLast(4)));
        to.Add("format", string.Format(Culture, "{0,10:F3}|{1,-8}|{2:X4}|{3:P1}|{4:yyyy}", Math.PI, "left", 255, 0.256, new DateTime(2024, 1, 2)));
        to.Add("builder", new StringBuilder("abc").AppendJoin(',', [1, 2, 3]).Insert(0, "x", 3).Replace('b', 'B').AppendFormat(Culture, "{0:C}", 12.5).AppendLine().Append('z', 4));
        to.Add("normal", $"{"e\u0301".Normalize().Length} {"é".Normalize(NormalizationForm.FormD).Length} {"a".CompareTo("B")} {string.Compare("a", "A", StringComparison.OrdinalIgnoreCase)}");
        to.Add("composite", CompositeFormat.Parse("{0} and {1}").MinimumArgumentCount);
        to.Add("elements", StringInfo.ParseCombiningCharacters(text).Length);
        to.Throws("bad format", () => _ = string.Format(Culture, text[..3] + "{0", 1));
        to.Throws("range", () => _ = text.Substring(1000));
        to.Throws("null", () => _ = text.IndexOf(null!, StringComparison.Ordinal));
        to.Add("uri", $"{new Uri(new Uri("https://example.org/a/b?q=1#f"), "../c d").AbsoluteUri} {Uri.EscapeDataString("ä b/c")} {Uri.TryCreate("::", UriKind.Absolute, out _)}");
        to.Add("addresses", $"{IPAddress.Parse("2001:db8::1")} {IPNetwork.Parse("10.1.0.0/16").Contains(IPAddress.Parse("10.1.2.3"))} {WebUtility.HtmlEncode("<ä>")} {new Guid("00000001-0002-0003-0004-000000000005"):B}");
        to.Throws("bad uri", () => _ = new Uri("http://[bad"));
    }

    static void Numbers(Transcript to)
    {
        to.Section("numbers");
        to.Add("parse", int.Parse("-1,234", NumberStyles.Number, Culture) + long.Parse("7fff", NumberStyles.HexNumber, Culture) + (long)double.Parse("1.5e3", Culture));
        to.Add("format", $"{1234567.891m:N2} {double.Epsilon:R} {float.MaxValue:G9} {-0.0:0.00} {1e21:E3} {(Half)1.1f} {Int128.MaxValue:N0} {0b1010:B8} {UInt128.MaxValue:x}");
        to.Add("decimal", decimal.Round(10m / 3, 10) + decimal.Truncate(-2.7m) * (decimal.MaxValue / 3));
        to.Add("math", $"{Math.Sqrt(2):R} {Math.Pow(2.5, 3.5):R} {Math.BigMul(long.MaxValue, 3, out var low)} {low} {Math.DivRem(17, 5)} {double.Hypot(3, 4)} {BitOperations.PopCount(0xF0F0u)} {Math.Round(2.5, MidpointRounding.AwayFromZero)}");
        to.Add("vector", $"{Vector3.Cross(Vector3.UnitX, new Vector3(1, 2, 3))} {Matrix4x4.CreateRotationX(1).GetDeterminant():F4} {new Vector<int>(3).Equals(new Vector<int>(3))} {Quaternion.CreateFromYawPitchRoll(1, 2, 3).Length():F4}");
        var big = BigInteger.Pow(12345, 40);
        to.Add("big", big);
        to.Add("big arithmetic", $"{BigInteger.ModPow(3, big, 1_000_007)} {BigInteger.GreatestCommonDivisor(big, BigInteger.Parse("15241578750190521", Culture))} {big / 7 % 1000 - (big >> 400)} {big.ToByteArray().Length} {BigInteger.Log(big):F6}");
        to.Add("complex", Complex.Exp(new Complex(0, Math.PI / 3)).ToString("F6", Culture));
        to.Add("generic", Sum<double>([1, 2.5]) + Sum<byte>([1, 2]));
        to.Add("enum", $"{Enum.Parse<DayOfWeek>("monday", ignoreCase: true)} {(FileAttributes)3} {Enum.GetNames<DayOfWeek>().Length} {Enum.IsDefined((DayOfWeek)9)}");
        to.Throws("overflow", () => _ = checked((int)Sum([long.MaxValue])));
        to.Throws("not a number", () => int.Parse("12x", Culture));
        to.Throws("too large", () => byte.Parse("256", Culture));
        to.Throws("zero", () => _ = decimal.Divide(1, 0));
        to.Throws("bad enum", () => Enum.Parse<DayOfWeek>("Someday"));
        to.Throws("convert", () => Convert.ToInt32("x", Culture));
    }

    static T Sum<T>(T[] numbers) where T : INumber<T> => numbers.Aggregate(T.Zero, (sum, number) => sum + number);

    static void Dates(Transcript to)
    {
        to.Section("dates");
        var moment = new DateTime(2024, 2, 29, 23, 59, 58, 987, DateTimeKind.Utc);
        to.Add("formats", $"{moment:O} {moment:R} {moment.AddYears(1):d} {moment.AddDays(1.5):yyyy'W'ddd HH:mm:ss.fff} {moment - DateTime.UnixEpoch} {moment.DayOfYear}");
        to.Add("parse", DateTime.ParseExact("29/02/2024 07", "dd/MM/yyyy HH", Culture) + TimeSpan.Parse("1.02:03:04.5", Culture));
        to.Add("offset", DateTimeOffset.Parse("2024-03-31T12:00:00+05:30", Culture).ToUniversalTime());
        to.Add("only", $"{DateOnly.FromDateTime(moment).AddMonths(1):O} {TimeOnly.FromDateTime(moment).Add(TimeSpan.FromMinutes(5)):O}");
        to.Add("zone", TimeZoneInfo.ConvertTimeFromUtc(moment, TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromHours(3), "x", "x")));
        to.Add("calendars", $"{new HebrewCalendar().GetYear(moment)} {new PersianCalendar().GetMonth(moment)} {ISOWeek.GetWeekOfYear(moment)}");
        to.Throws("bad date", () => DateTime.Parse("2023-02-29", Culture));
        to.Throws("range", () => DateTime.MaxValue.AddTicks(1));
    }

    static void Encodings(Transcript to)
    {
        to.Section("encodings");
        const string text = "Grüße, 世界 😀\ud800!";
        foreach (var encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode, Encoding.UTF32, Encoding.Latin1, Encoding.ASCII, Encoding.BigEndianUnicode])
            to.Add(encoding.WebName, $"{Convert.ToHexString(encoding.GetBytes(text))} {encoding.GetString(encoding.GetBytes(text)).Length}");
        to.Add("base64", $"{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))} {Base64Url.EncodeToString([251, 255, 0])} {Convert.FromHexString("00ff10").Length}");
        to.Throws("strict", () => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString([0xC3, 0x28]));
        to.Throws("bad base64", () => Convert.FromBase64String("@@@="));
        to.Throws("no encoding", () => Encoding.GetEncoding("klingon"));
    }

    static void Xml(Transcript to)
    {
        to.Section("xml");
        var document = XDocument.Parse("""<shop xmlns:x="urn:x"><item id="1" price="2.50">pen</item><item id="2" price="10">ink &amp; paper</item><x:note><![CDATA[a<b]]></x:note></shop>""");
        document.Root!.Add(new XElement("item", new XAttribute("id", 3), "cup"));
        to.Add("tree", document.ToString(SaveOptions.DisableFormatting));
        to.Add("query", document.Descendants("item").Where(item => (int)item.Attribute("id")! > 1).Select(item => item.Value));
        to.Add("path", document.XPathEvaluate("sum(/shop/item/@price) + count(//item[contains(., 'n')])"));
        var old = new XmlDocument();
        old.LoadXml(document.ToString());
        to.Add("old", $"{old.SelectNodes("//item")!.Count} {old.DocumentElement!.LastChild!.OuterXml}");
        to.Throws("not closed", () => XElement.Parse("<a><b></a>"));
    }
}
