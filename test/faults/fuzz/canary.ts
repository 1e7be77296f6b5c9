/** What stands in the bystanders' mail, and nowhere else: whoever sees it has read their mail. */
export const canary = 'canary-of-the-bystanders'
