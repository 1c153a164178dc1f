using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Agent.Viewer.Pages;

/// <summary>
/// Escapes text for HTML, and shows what has no shape: a control character as its picture (␀, ␛), one that turns the direction of text or is
/// invisible as \u202E. So what a span says is on the page as it is, and does nothing there.
/// </summary>
sealed unsafe class VisibleEncoder : HtmlEncoder
{
    static readonly HtmlEncoder Plain = Create(UnicodeRanges.All);

    public static VisibleEncoder Instance { get; } = new();

    public override int MaxOutputCharactersPerInputCharacter => Plain.MaxOutputCharactersPerInputCharacter;

    public override bool WillEncode(int unicodeScalar) => Replacement(unicodeScalar) != Shown.AsItIs || Plain.WillEncode(unicodeScalar);

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var plain = Plain.FindFirstCharacterToEncode(text, textLength);
        var end = plain < 0 ? textLength : plain;
        for (var i = 0; i < end; i++)
        {
            if (text[i] > '~' && Replacement(text[i]) != Shown.AsItIs)
                return i;
        }

        return plain;
    }

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var shown = Replacement(unicodeScalar);
        if (shown == Shown.AsItIs)
            return Plain.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
        var target = new Span<char>(buffer, bufferLength);
        if (shown == Shown.AsCode)
            return target.TryWrite(CultureInfo.InvariantCulture, $"\\u{unicodeScalar:X4}", out numberOfCharactersWritten);
        numberOfCharactersWritten = target.IsEmpty ? 0 : 1;
        if (target.IsEmpty)
            return false;
        target[0] = shown == Shown.AsBlank ? ' ' : unicodeScalar == 0x7f ? '\u2421' : (char)(0x2400 + unicodeScalar);
        return true;
    }

    enum Shown
    {
        AsItIs,
        AsPicture,
        AsBlank,
        AsCode,
    }

    static Shown Replacement(int scalar) => scalar switch
    {
        '\t' or '\n' => Shown.AsItIs,
        '\r' => Shown.AsBlank, // of a line's end, which has its \n, too
        < ' ' or 0x7f => Shown.AsPicture,
        < 0x7f => Shown.AsItIs,
        // Joiners make one sign of several, in emoji and in Persian.
        0x200c or 0x200d => Shown.AsItIs,
        _ => CharUnicodeInfo.GetUnicodeCategory(scalar) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned ? Shown.AsCode : Shown.AsItIs,
    };
}
