using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Turnstile;

sealed class TicketOptions : AuthenticationSchemeOptions;

/// <summary>Believes what the header says.</summary>
sealed class TicketHandler(IOptionsMonitor<TicketOptions> options, ILoggerFactory logger, UrlEncoder encoder) : AuthenticationHandler<TicketOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers["Age"] is [{ } age]
        ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim("age", age)], Scheme.Name)), Scheme.Name))
        : AuthenticateResult.NoResult());
}
