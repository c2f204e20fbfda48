// Sends the form of a page that is only there to be sent (OAuth 2.0 Form Post
// Response Mode, section 2). Without scripts, its button does.
document.forms.answer.submit();
