namespace Agent.Viewer;

/// <summary>How a piece of text looks in a terminal; the value is its ANSI SGR code.</summary>
enum Style
{
    Plain = 0,
    Bold = 1,
    Dim = 2,
    Red = 31,
    Green = 32,
    Yellow = 33,
    Blue = 34,
    Magenta = 35,
    Cyan = 36,
}
