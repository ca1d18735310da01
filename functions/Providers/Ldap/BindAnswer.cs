using System.DirectoryServices.Protocols;
using System.Formats.Asn1;
using System.Globalization;
using System.Text;

namespace IntegrationPoints.Providers.Ldap;

/// <summary>What a server says to somebody who signs in (BindResponse, RFC 4511, 4.2.2): the library keeps it to itself.</summary>
/// <param name="Code">The result (RFC 4511, A.1).</param>
/// <param name="Said">What the server says of it.</param>
internal sealed record BindAnswer(ResultCode Code, string Said)
{
    /// <summary>Name or password is wrong. The library has no name for it.</summary>
    public const ResultCode InvalidCredentials = (ResultCode)49;

    private static readonly Asn1Tag Bind = new(TagClass.Application, 1, isConstructed: true);

    // Active Directory has one result for all of it, and hides the reason in the text: "…, comment: AcceptSecurityContext error, data 532, v4563"
    // (learn.microsoft.com, "System error codes", in hexadecimal digits).
    private static readonly Dictionary<int, string> Reasons = new()
    {
        [0x525] = "there is no such user",
        [0x52e] = "user name or password is wrong",
        [0x530] = "the user may not sign in at this time of day",
        [0x531] = "the user may not sign in from here",
        [0x532] = "the password has expired",
        [0x533] = "the account is disabled",
        [0x701] = "the account has expired",
        [0x773] = "the password must be changed first",
        [0x775] = "the account is locked",
    };

    /// <summary>Why Active Directory lets nobody in, in words; null: it does not say.</summary>
    public string? Reason
    {
        get
        {
            const string Before = ", data ";
            if (Code != InvalidCredentials || Said.IndexOf(Before, StringComparison.Ordinal) is not (>= 0 and var at)) return null;
            var digits = Said.AsSpan(at + Before.Length);
            var end = digits.IndexOf(',');
            return int.TryParse(end < 0 ? digits : digits[..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var reason) ? Reasons.GetValueOrDefault(reason) : null;
        }
    }

    /// <summary>Reads it from the first bytes that the server sent; null: they are none, or not all of it.</summary>
    public static BindAnswer? Read(ReadOnlyMemory<byte> sent)
    {
        try
        {
            var message = new AsnReader(sent, AsnEncodingRules.BER).ReadSequence();
            message.ReadIntegerBytes();
            var answer = message.ReadSequence(Bind);
            var code = answer.ReadEnumeratedBytes();
            // The name that was found; then the message.
            answer.ReadOctetString();
            return code.Length == 1 ? new BindAnswer((ResultCode)code.Span[0], Encoding.UTF8.GetString(answer.ReadOctetString())) : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
