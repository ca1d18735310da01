using System.Globalization;

namespace IntegrationPoints.LoadFiles;

/// <summary>
/// Reads one date from left to right: weekday, date, time, offset, each of them optional as the specification's table has it. Fractions of
/// a second are cut to milliseconds, the finest that review platforms hold.
/// </summary>
internal ref struct DateScanner(ReadOnlySpan<char> text, DateNames names, DateTime jobStart)
{
    private const string NoDate = "is not a date";

    private readonly ReadOnlySpan<char> text = text;
    private int at;
    private int year, month, day;

    /// <summary>Why it is not a date.</summary>
    public string Reason { get; private set; } = NoDate;

    public bool TryRead(out DateTime value)
    {
        value = default;
        SkipWeekday();
        (year, month, day) = (jobStart.Year, jobStart.Month, jobStart.Day);
        var time = TimeSpan.Zero;
        if (IsTimeAt(at, false))
        {
            if (!TryTime(out time)) return false;
        }
        else
        {
            if (!TryDate()) return false;
            if (at < text.Length && text[at] is 'T' or 't' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])) at++;
            else if (at < text.Length && text[at] is not (' ' or '\t' or ',' or 'Z' or 'z')) return Fail(NoDate);
            SkipBlanks(comma: true);
            if (IsTimeAt(at, true) && !TryTime(out time)) return false;
        }

        SkipOffset();
        if (at < text.Length) return Fail(NoDate);
        value = new DateTime(year, month, day).Add(time);
        return true;
    }

    private void SkipWeekday()
    {
        var word = WordAt(at);
        if (word.IsEmpty || !names.IsWeekday(word)) return;
        // "mar" is March to the English and Tuesday to the French: a weekday is one only where a date follows that has its own month.
        if (names.Month(word) != 0 && !RestHasMonth(word.Length)) return;
        at += word.Length;
        if (at < text.Length && text[at] == '.') at++;
        SkipBlanks(comma: true);
    }

    private readonly bool RestHasMonth(int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            var word = WordAt(i);
            if (names.Month(word) != 0) return true;
            i += word.Length;
        }

        return text[from..].IndexOfAny("/;") >= 0;
    }

    private bool TryDate()
    {
        var word = WordAt(at);
        if (!word.IsEmpty) return TryMonthFirst(word);
        if (!TryNumber(out var first, out var digits)) return Fail(NoDate);
        if (digits == 8) return TrySet(first / 10000, first / 100 % 100, first % 100, 4);
        if (digits is not (1 or 2 or 4)) return Fail(NoDate);
        var mark = at;
        var separator = Separator();
        word = WordAt(at);
        if (names.Month(word) is > 0 and var named)
        {
            at += word.Length;
            return TryNamed(first, digits, named);
        }

        at = mark;
        return TryNumeric(first, digits, separator);
    }

    // 9-Apr, 9-Apr-23, 09 April 2023, 2023-Apr-09
    private bool TryNamed(int first, int digits, int named)
    {
        var hasMore = TryFollowing(out var second, out var secondDigits);
        if (digits == 4) return hasMore && secondDigits > 2 ? Fail(NoDate) : TrySet(first, named, hasMore ? second : 1, 4);
        return hasMore ? TrySet(second, named, first, secondDigits) : TrySet(jobStart.Year, named, first, 4);
    }

    // January 4 2023, Apr. 9, 23, April 9, May 2023
    private bool TryMonthFirst(ReadOnlySpan<char> word)
    {
        var named = names.Month(word);
        if (named == 0) return Fail(NoDate);
        at += word.Length;
        Separator();
        if (!TryNumber(out var first, out var digits)) return Fail(NoDate);
        if (digits == 4) return TrySet(first, named, 1, 4);
        if (digits > 2) return Fail(NoDate);
        return TryFollowing(out var second, out var secondDigits)
            ? TrySet(second, named, first, secondDigits)
            : TrySet(jobStart.Year, named, first, 4);
    }

    // The year (or day) after a month's name, unless a time stands there.
    private bool TryFollowing(out int number, out int digits)
    {
        var mark = at;
        (number, digits) = (0, 0);
        if (Separator() != '\0' && !IsTimeAt(at, true) && TryNumber(out number, out digits)) return true;
        at = mark;
        return false;
    }

    private bool TryNumeric(int first, int digits, char separator)
    {
        if (separator is not ('/' or '-' or '.' or ';') || Separator() != separator || !TryNumber(out var second, out var secondDigits))
            return Fail(NoDate);
        var mark = at;
        if (Separator() != separator || !TryNumber(out var third, out var thirdDigits))
        {
            at = mark;
            return TryTwoNumbers(first, digits, second, secondDigits, separator);
        }

        if (secondDigits > 2) return Fail(NoDate);
        // Hungarian ends a date with a full stop too.
        if (at < text.Length && separator == '.' && text[at] == '.') at++;
        if (digits == 4) return thirdDigits <= 2 ? TrySet(first, second, third, 4) : Fail(NoDate);
        if (names.IsYearFirst && thirdDigits <= 2) return TrySet(first, second, third, digits);
        return names.IsDayFirst ? TrySet(third, second, first, thirdDigits) : TrySet(third, first, second, thirdDigits);
    }

    // 3/2023 and 2023-03 are the first of the month; 4/9 is in the year of the job.
    private bool TryTwoNumbers(int first, int digits, int second, int secondDigits, char separator)
    {
        if (separator == ';') return Fail(NoDate);
        if (digits == 4 && secondDigits <= 2) return TrySet(first, second, 1, 4);
        if (secondDigits == 4 && digits <= 2) return TrySet(second, first, 1, 4);
        if (digits > 2 || secondDigits > 2 || separator == '.') return Fail(NoDate);
        return names.IsDayFirst ? TrySet(jobStart.Year, second, first, 4) : TrySet(jobStart.Year, first, second, 4);
    }

    private bool TrySet(int y, int m, int d, int yearDigits)
    {
        if (yearDigits == 2) y += y < 50 ? 2000 : 1900;
        else if (yearDigits != 4) return Fail("has a year of neither two nor four digits");
        if (y == 0) return Fail("has the year 0");
        if (m is < 1 or > 12) return Fail($"has no valid month: {m} (read {(names.IsDayFirst ? "day" : "month")} first)");
        if (d < 1 || d > DateTime.DaysInMonth(y, m)) return Fail($"is impossible: month {m} of {y} has no day {d}");
        (year, month, day) = (y, m, d);
        return true;
    }

    // A number and ':'; a number, '.', a number and ':' ("5.08:40 PM"); a number and AM or PM; after a date also 13.23 where that is the custom.
    private readonly bool IsTimeAt(int start, bool afterDate)
    {
        var i = Digits(start);
        if (i == start || i - start > 2 || i == text.Length) return false;
        if (text[i] == ':') return true;
        if (text[i] == '.')
        {
            var end = Digits(i + 1);
            return end == i + 3 && ((end < text.Length && text[end] == ':') || (afterDate && names.HasDottedTime));
        }

        if (text[i] == ' ') i++;
        return names.IsAfternoon(WordAt(i)) is not null;
    }

    private bool TryTime(out TimeSpan time)
    {
        time = default;
        int minute = 0, second = 0;
        long ticks = 0;
        TryNumber(out var hour, out _);
        if (at < text.Length && text[at] is ':' or '.')
        {
            at++;
            if (!TryNumber(out minute, out var digits) || digits != 2) return Fail("has a time that is none");
        }

        var separated = at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])
            && (text[at] == ':' || (text[at] == '.' && names.HasDottedTime));
        if (separated)
        {
            at++;
            if (!TryNumber(out second, out var digits) || digits != 2) return Fail("has a time that is none");
            if (at < text.Length && text[at] is '.' or ',' && !TryFraction(out ticks)) return Fail("has a time that is none");
        }

        if (!TryHour(ref hour)) return Fail("has a time that no clock shows");
        if (hour > 23 || minute > 59 || second > 59) return Fail("has a time that no clock shows");
        time = new TimeSpan(hour, minute, second) + TimeSpan.FromTicks(ticks);
        return true;
    }

    private bool TryFraction(out long ticks)
    {
        ticks = 0;
        var end = Digits(at + 1);
        if (end == at + 1 || end - at > 10) return false;
        for (var (i, unit) = (at + 1, TimeSpan.TicksPerSecond / 10); i < end; i++, unit /= 10) ticks += (text[i] - '0') * unit;
        ticks -= ticks % TimeSpan.TicksPerMillisecond;
        at = end;
        return true;
    }

    private bool TryHour(ref int hour)
    {
        var mark = at;
        SkipBlanks(comma: false);
        var word = WordAt(at);
        if (names.IsAfternoon(word) is not { } afternoon)
        {
            at = mark;
            return true;
        }

        at += word.Length;
        if (hour > 12 || (hour == 0 && afternoon)) return false;
        hour = hour % 12 + (afternoon ? 12 : 0);
        return true;
    }

    // Z, UTC, GMT, +02, +0200, +02:00, each perhaps with "(CEST)" behind it: kept as written means the clock is not moved.
    private void SkipOffset()
    {
        SkipBlanks(comma: false);
        var word = WordAt(at);
        if (word is "Z" or "z" or "UTC" or "GMT") at += word.Length;
        if (at < text.Length && text[at] is '+' or '-')
        {
            var hours = Digits(at + 1);
            if (hours - at is 3 or 5) at = hours;
            if (hours - at == 0 && hours + 3 <= text.Length && text[hours] == ':' && Digits(hours + 1) == hours + 3) at = hours + 3;
        }

        SkipBlanks(comma: false);
        if (at == text.Length || text[at] != '(') return;
        var zone = WordAt(at + 1);
        if (!zone.IsEmpty && text[(at + 1 + zone.Length)..] is ")") at = text.Length;
    }

    // Blanks, or one of / - . ; , with blanks around it: that character, or ' '; '\0' when there is neither.
    private char Separator()
    {
        var start = at;
        SkipBlanks(comma: false);
        var found = at > start ? ' ' : '\0';
        if (at < text.Length && text[at] is '/' or '-' or '.' or ';' or ',')
        {
            found = text[at++];
            SkipBlanks(comma: found == '.');
        }

        return found;
    }

    private void SkipBlanks(bool comma)
    {
        while (at < text.Length && (text[at] is ' ' or '\t' or '\u00A0' or '\u202F' || (comma && text[at] == ','))) at++;
    }

    private bool TryNumber(out int number, out int digits)
    {
        var end = Digits(at);
        (number, digits) = (0, end - at);
        if (digits is 0 or > 8) return false;
        for (; at < end; at++) number = number * 10 + (text[at] - '0');
        return true;
    }

    private readonly int Digits(int start)
    {
        while (start < text.Length && char.IsAsciiDigit(text[start])) start++;
        return start;
    }

    private readonly ReadOnlySpan<char> WordAt(int start)
    {
        var end = start;
        while (end < text.Length && (char.IsLetter(text[end]) || char.GetUnicodeCategory(text[end]) == UnicodeCategory.NonSpacingMark)) end++;
        return start >= text.Length ? default : text[start..end];
    }

    private bool Fail(string reason)
    {
        Reason = reason;
        return false;
    }
}
