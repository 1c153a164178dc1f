using System.ComponentModel.DataAnnotations;

namespace Counter;

public sealed class Subscription
{
    [Required, EmailAddress]
    public string? Email { get; set; }
}
