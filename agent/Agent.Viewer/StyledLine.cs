using System.Globalization;
using System.Text;

namespace Agent.Viewer;

/// <summary>One line of terminal output: knows its visible length, never exceeds its width, never ends with blanks.</summary>
sealed class StyledLine(int width, bool color)
{
    readonly StringBuilder _text = new();
    int _length;
    int _blanks;

    /// <summary>Adds text, shortened with … to the width of the line.</summary>
    public StyledLine Add(string text, Style style = Style.Plain)
    {
        text = Shorten(text, width - _length - _blanks);
        if (text.Length == 0)
            return this;
        _text.Append(' ', _blanks);
        (_length, _blanks) = (_length + _blanks + text.Length, 0);
        _text.Append(color && style != Style.Plain ? string.Create(CultureInfo.InvariantCulture, $"\e[{(int)style}m{text}\e[0m") : text);
        return this;
    }

    /// <summary>Goes to a column, counted from 0; does nothing if it is behind us.</summary>
    public StyledLine To(int column)
    {
        _blanks = Math.Max(_blanks, column - _length);
        return this;
    }

    /// <summary>Leaves two columns free before what follows.</summary>
    public StyledLine Gap() => To(_length == 0 ? 0 : _length + 2);

    public override string ToString() => _text.ToString();

    /// <summary>The text in at most so many columns, without line breaks and terminal control codes, which a sender must not smuggle in.</summary>
    public static string Shorten(string text, int columns)
    {
        if (text.Any(char.IsControl))
            text = string.Join(' ', string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (text.Length <= columns)
            return text;
        if (columns < 1)
            return "";
        var cut = columns - 1;
        if (cut > 0 && char.IsHighSurrogate(text[cut - 1]))
            cut--;
        return text[..cut].TrimEnd() + "…";
    }
}
